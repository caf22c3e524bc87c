import { WIDE_MARKER } from '../lib/markers.ts';
import { hunksIn, isHunk, type Hunk, type MarkedText } from './hunks.ts';

/** Wider than what git is asked for, so that none of them is taken for one of its own. */
const [OPENING, BETWEEN, CLOSING] = ['<', '=', '>'].map((sign) => `${sign.repeat(WIDE_MARKER + 4)}\n`) as [
  string,
  string,
  string,
];

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** Whichever of the two is merged into the other, the conflict is the same one. */
const sidesOf = ({ ours, theirs }: Hunk): readonly string[] =>
  [ours, theirs].map((lines) => ended(lines.join(''))).toSorted();

/** The text of a file in conflict as it is remembered: with both sides of each place, in an order of their own. */
export const conflictedText = (text: MarkedText): string =>
  text
    .map((part) => {
      if (!isHunk(part)) return part.join('');
      const [first, second] = sidesOf(part);
      return `${OPENING}${first}${BETWEEN}${second}${CLOSING}`;
    })
    .join('');

/** Whether something of a conflict is still in a text that was made from one that is remembered. */
export const isUndecided = (text: string): boolean => text.includes(OPENING) || text.includes(CLOSING);

/** What a conflict is known by: its file and the lines that meet, wherever in the file they are. */
export const conflictName = (path: string, text: MarkedText): string =>
  JSON.stringify([path, ...hunksIn(text).map(sidesOf)]);
