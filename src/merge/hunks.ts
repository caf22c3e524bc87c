import { WIDE_MARKER } from '../lib/markers.ts';

/** Lines that both sides changed differently; each line has its end. */
export type Hunk = {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
};

/** A text in which some places are not decided: plain lines and hunks in their order. */
export type MarkedText = readonly (readonly string[] | Hunk)[];

export const isHunk = (part: MarkedText[number]): part is Hunk => !Array.isArray(part);

/** The lines of a text with their ends: joined they are the text again. */
export const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];

const SIDES = { '<': 'ours', '|': 'base', '=': 'theirs' } as const;

const MARKER = new RegExp(`^(?<sign>[<|=>])\\k<sign>{${WIDE_MARKER - 1}}(?:[ \\r\\n]|$)`, 'u');

/** Reads what git writes with wide markers and the base between the sides. */
export const readMarked = (text: string): MarkedText => {
  const parts: (string[] | { base: string[]; ours: string[]; theirs: string[] })[] = [];
  let hunk: { base: string[]; ours: string[]; theirs: string[] } | undefined;
  let side: 'ours' | 'base' | 'theirs' = 'ours';
  for (const line of linesOf(text)) {
    const mark = MARKER.exec(line)?.groups?.['sign'];
    if (mark === '>') hunk = undefined;
    else if (mark !== undefined) {
      side = SIDES[mark as keyof typeof SIDES];
      if (mark === '<') {
        hunk = { base: [], ours: [], theirs: [] };
        parts.push(hunk);
      }
    } else if (hunk) hunk[side].push(line);
    else {
      const last = parts.at(-1);
      if (Array.isArray(last)) last.push(line);
      else parts.push([line]);
    }
  }
  return parts;
};

export const hunksIn = (text: MarkedText): readonly Hunk[] => text.filter(isHunk);

/** The text with each hunk decided; undefined where one is not. */
export const decided = (
  text: MarkedText,
  decide: (hunk: Hunk) => readonly string[] | undefined,
): string | undefined => {
  const lines: string[] = [];
  for (const part of text) {
    const chosen = isHunk(part) ? decide(part) : part;
    if (!chosen) return undefined;
    for (const line of chosen) lines.push(line);
  }
  return lines.join('');
};

const isBlank = (line: string): boolean => line.trim() === '';

/** What is left of a side where the other one took lines away. */
const withoutTaken = (side: readonly string[], base: readonly string[], other: readonly string[]): readonly string[] =>
  side.filter((line) => isBlank(line) || !base.includes(line) || other.includes(line));

/** The lines of both sides, those of ours first: what both added is there once, what either took away is gone. */
export const union = ({ base, ours, theirs }: Hunk): readonly string[] => {
  const first = withoutTaken(ours, base, theirs);
  const more = withoutTaken(theirs, base, ours).filter((line) => isBlank(line) || !ours.includes(line));
  const last = first.at(-1);
  const isOpen = last !== undefined && more.length > 0 && !last.endsWith('\n');
  return isOpen ? [...first.slice(0, -1), `${last}\n`, ...more] : [...first, ...more];
};

/** What opens a part of a text or takes back what another line says: its place among the others matters. */
const BOUND = /^\s*(?:#{1,6}\s|```|~~~|={3,}\s*$|-{3,}\s*$|!)/u;

/** Whether the new lines of both sides may stand one after the other, whatever came first: each says all by itself. */
export const isLoose = ({ base, ours, theirs }: Hunk): boolean =>
  [ours, theirs].every((side) => {
    const added = side.filter((line) => !isBlank(line) && !base.includes(line));
    return new Set(added).size === added.length && !added.some((line) => BOUND.test(line));
  });

/** How many lines are not decided: those of the larger side of each hunk. */
export const linesInConflict = (hunks: readonly Hunk[]): number =>
  hunks.reduce((sum, { ours, theirs }) => sum + Math.max(1, ours.length, theirs.length), 0);
