import { WIDE_MARKER } from '../lib/markers.ts';
import { type Hunk, hunksIn, isHunk, linesOf, type MarkedText } from './hunks.ts';

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

/** The lines that meet; where one side only took lines away, with those, else any deletion would be the same. */
const named = (hunk: Hunk): readonly string[] => {
  const sides = sidesOf(hunk);
  return sides.includes('') ? [...sides, ended(hunk.base.join(''))] : sides;
};

/** What a conflict is known by: its file and the lines that meet, wherever in the file they are. */
export const conflictName = (path: string, text: MarkedText): string =>
  JSON.stringify([path, ...hunksIn(text).map(named)]);

/** What stands before, between and behind the places of a text that is remembered. */
const around = (remembered: string): readonly string[] => {
  const [first = '', ...rest] = remembered.split(OPENING);
  return [first, ...rest.map((text) => text.slice(text.indexOf(CLOSING) + CLOSING.length))];
};

/** Whether a text was made of one that is remembered by its places alone: whatever else was changed is no answer to them. */
export const isConfined = (remembered: string, after: string): boolean => {
  const parts = around(remembered);
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  const end = after.length - last.length;
  if (!after.startsWith(first) || !after.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = after.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
};

/** So many lines beside a place tell which one of several it is. */
const BESIDE = 3;

/** Whether each place is where it was: the lines before it, or those behind it, are the same. */
export const isSamePlace = (remembered: string, now: string): boolean => {
  const [before, after] = [remembered, now].map((text) => around(text).map(linesOf));
  if (before!.length !== after!.length) return false;
  const isSame = (a: readonly string[], b: readonly string[]): boolean => a.join('') === b.join('');
  return before!
    .slice(1)
    .every(
      (behind, n) =>
        isSame(before![n]!.slice(-BESIDE), after![n]!.slice(-BESIDE)) ||
        isSame(behind.slice(0, BESIDE), after![n + 1]!.slice(0, BESIDE)),
    );
};
