import type { LineRange } from '../../ports/radar.ts';

/** A changed stretch: so many lines of the base, from an offset on, became so many of the file. */
export type Hunk = {
  /** How many lines stand before it in the base. */
  readonly at: number;
  readonly removed: number;
  readonly from: number;
  readonly added: number;
  /** The new lines. */
  readonly text: string;
};

const HEAD = /^@@ -(?<at>\d+)(?:,(?<removed>\d+))? \+(?<from>\d+)(?:,(?<added>\d+))? @@/u;

/** Reads a diff of one file without lines around its changes. */
export const parseHunks = (patch: string): Hunk[] => {
  const hunks: { head: Omit<Hunk, 'text'>; lines: string[] }[] = [];
  for (const line of patch.split('\n')) {
    const found = HEAD.exec(line)?.groups;
    if (found) {
      const [at, removed, from, added] = ['at', 'removed', 'from', 'added'].map((name) => Number(found[name] ?? 1));
      // Where nothing is removed, git names the line before.
      const head = { at: removed! > 0 ? at! - 1 : at!, removed: removed!, from: from!, added: added! };
      hunks.push({ head, lines: [] });
    } else if (line.startsWith('+')) hunks.at(-1)?.lines.push(line);
  }
  return hunks.map(({ head, lines }) => ({ ...head, text: lines.join('\n') }));
};

/** Where the new lines stand; where lines were only taken out, the line before them. */
const rangeOf = ({ from, added }: Pick<Hunk, 'from' | 'added'>): LineRange =>
  added > 0 ? [from, from + added - 1] : [Math.max(1, from), Math.max(1, from)];

/** Ranges in order; those that touch each other are one. */
export const joinRanges = (ranges: readonly LineRange[]): LineRange[] => {
  const joined: LineRange[] = [];
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const before = joined.at(-1);
    if (before && first <= before[1] + 1) joined[joined.length - 1] = [before[0], Math.max(before[1], last)];
    else joined.push([first, last]);
  }
  return joined;
};

const isSame = (a: Hunk, b: Hunk): boolean => a.at === b.at && a.removed === b.removed && a.text === b.text;

/** As git sees it: changes exclude each other where no unchanged line is between them. */
const touches = (a: Hunk, b: Hunk): boolean => a.at + a.removed >= b.at && b.at + b.removed >= a.at && !isSame(a, b);

/** Where two changes of one base exclude each other, in the lines of each side. */
export const clashingLines = (
  ours: readonly Hunk[],
  theirs: readonly Hunk[],
): readonly [readonly LineRange[], readonly LineRange[]] => {
  const touching = (side: readonly Hunk[], others: readonly Hunk[]): readonly Hunk[] => {
    const found = side.filter((hunk) => others.some((other) => touches(hunk, other)));
    // The merge has put the lines together otherwise than this comparison does: somewhere among all changes.
    return found.length > 0 ? found : side;
  };
  return [joinRanges(touching(ours, theirs).map(rangeOf)), joinRanges(touching(theirs, ours).map(rangeOf))];
};

/** The same of two files that have no base: where they differ. */
export const differingLines = (hunks: readonly Hunk[]): readonly [readonly LineRange[], readonly LineRange[]] => [
  joinRanges(hunks.map(({ at, removed }) => rangeOf({ from: removed > 0 ? at + 1 : at, added: removed }))),
  joinRanges(hunks.map(rangeOf)),
];
