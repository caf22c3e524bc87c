import { wrapLines } from '../widgets/wrap-lines.ts';

/** What a guide says, in lines of the screen with a blank at both sides. */
export const captionLines = (text: string, columns: number): readonly string[] =>
  text === '' ? [] : wrapLines(text.split('\n'), columns - 2).map((line) => ` ${line.trimStart()}`);
