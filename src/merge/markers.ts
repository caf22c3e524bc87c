import { linesOf } from './hunks.ts';

const MARKERS = [/^<{7}(?: |\r?\n?$)/u, /^>{7}(?: |\r?\n?$)/u, /^\|{7}(?: |\r?\n?$)/u];

/** How many lines of a text look like one of git's markers; a row of seven equals signs alone may underline a heading. */
const counted = (text: string): readonly number[] => {
  const counts = MARKERS.map(() => 0);
  for (const line of linesOf(text))
    for (const [at, marker] of MARKERS.entries()) if (marker.test(line)) counts[at]! += 1;
  return counts;
};

type Sources = { readonly base: string | null; readonly ours: string | null; readonly theirs: string | null };

/** Whether a merged text has markers of conflicts that the sides it was made of do not have by themselves. */
export const hasNewMarkers = (merged: string, { base, ours, theirs }: Sources): boolean => {
  const [was, mine, yours] = [base, ours, theirs].map((text) => counted(text ?? ''));
  const allowed = (at: number) => Math.max(mine![at]!, yours![at]!, mine![at]! + yours![at]! - was![at]!);
  return counted(merged).some((count, at) => count > allowed(at));
};
