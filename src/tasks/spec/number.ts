/** An id, and the numbers and words in it. */
type Parted = { readonly id: string; readonly pieces: readonly string[]; readonly values: readonly number[] };

const PIECES = /\d+|[^\d.]+|\.(?!\d)/gu;

const parted = (id: string): Parted => {
  const pieces = id.match(PIECES) ?? [];
  return { id, pieces, values: pieces.map(Number) };
};

const compareParted = (a: Parted, b: Parted): number => {
  for (let i = 0; i < Math.min(a.pieces.length, b.pieces.length); i += 1) {
    const x = a.pieces[i]!;
    const y = b.pieces[i]!;
    if (x === y) continue;
    const byValue = a.values[i]! - b.values[i]!; // not a number when one of them is text
    if (byValue !== 0 && !Number.isNaN(byValue)) return byValue;
    return x < y ? -1 : 1;
  }
  // The same numbers and words: what is between them decides.
  return a.pieces.length - b.pieces.length || (a.id < b.id ? -1 : Number(a.id > b.id));
};

/** Compares ids by the numbers in them, so that 2 < 2.1 < 10 and t9 < t10; equal only for equal texts. */
export const compareIds = (a: string, b: string): number => compareParted(parted(a), parted(b));

/** Ids in the order of {@link compareIds}; each is taken apart once, because there may be thousands. */
export const sortedIds = (ids: readonly string[]): string[] =>
  ids
    .map(parted)
    .toSorted(compareParted)
    .map(({ id }) => id);

/** What stands before a task's number where several plans have the same ones: the plan's name, as an id may begin. */
export const specPrefix = (name: string): string => {
  const plain = name.replace(/[^\p{L}\p{M}\p{N}_-]+/gu, (between) => (between === '.' ? '.' : '-'));
  return `${plain.replace(/^[^\p{L}\p{N}]+|-+$/gu, '') || 'spec'}-`;
};

/** `2.1.3` → `2.1`, `2`, and `7.5a` → `7.5`, `7`: the numbers above it, the nearest first. `T012a` was put in behind `T012`. */
export const ancestors = (number: string): string[] => {
  const parts = number.split('.');
  const above = parts.slice(1).map((_, index) => parts.slice(0, parts.length - 1 - index).join('.'));
  const unlettered = /^(?<number>(?!T\d+[a-z]$).*\d)[a-z]$/iu.exec(number)?.groups?.['number'];
  return unlettered === undefined ? above : [unlettered, ...above];
};

/** The topmost number above it, or itself: that of its group. */
export const rootOf = (number: string): string => ancestors(number).at(-1) ?? number;
