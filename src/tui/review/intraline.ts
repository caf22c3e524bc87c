/** A stretch of a line, by its first character and the one behind its last. */
export type Span = { readonly start: number; readonly end: number };

/** Longer lines are data, in which nobody looks for single characters. */
const LONGEST = 1000;
/** Two lines that share less than this part are two lines, and no change of one. */
const LEAST_SHARED = 0.3;

/** What two versions of a line do not share, in each of them; null where they have too little in common to be compared. */
export const changedSpans = (before: string, after: string): { before: Span; after: Span } | null => {
  const longest = Math.max(before.length, after.length);
  if (longest === 0 || longest > LONGEST) return null;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  if ((start + end) / longest < LEAST_SHARED || (start === before.length && start === after.length)) return null;
  return { before: { start, end: before.length - end }, after: { start, end: after.length - end } };
};
