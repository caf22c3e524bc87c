import { oneLine, withoutControls } from '../lib/text.ts';
import type { ReviewComment } from '../state/reviews.ts';

const commentLines = ({ file, side, line, code, text }: ReviewComment, at: number): readonly string[] => [
  `${at + 1}. ${oneLine(file)}, line ${line}${side === 'old' ? ' of the file as it was before your work' : ''}:`,
  '',
  `        ${withoutControls(code).replaceAll('\n', ' ')}`,
  '',
  ...withoutControls(text)
    .split('\n')
    .map((part) => `   ${part}`),
  '',
];

/** What people said to the lines of a change, as one instruction: each with its file, line and code. */
export const instructionText = (comments: readonly ReviewComment[], text: string | undefined): string =>
  [...(text === undefined ? [] : [withoutControls(text), '']), ...comments.flatMap(commentLines)].join('\n').trimEnd();
