/** Lines of a file, the first and the last one, counted from 1. */
export type LineRange = readonly [first: number, last: number];

/** What a worktree or a branch holds at a moment. */
export type WorkNow = {
  readonly head: string;
  /** The tree of all that is there, committed or not; null where that is what `head` holds. */
  readonly tree: string | null;
  /** The folder of the objects that the repository itself has not; null where there are none. */
  readonly objects: string | null;
  /** The commit on which its own work begins, where two works that both tell it matter to each other by that alone. */
  readonly since?: string;
};

/** What a look at a worktree found. */
export type WorkLook = WorkNow & {
  /** Why changes are only seen by looks from time to time; null where the system tells of each. */
  readonly unwatched: string | null;
  /** How many files are left out, because they are too large or too many. */
  readonly left_out: number;
};

/** A file in which two sides exclude each other. */
export type Clash = {
  readonly path: string;
  /** What git calls it: `contents`, `modify/delete`, `rename/rename`. */
  readonly kind: string;
  /** Where, in the file of each side; empty where it is not about lines. */
  readonly lines: readonly [readonly LineRange[], readonly LineRange[]];
};

/** What a merge of two sides would meet. */
export type Foreseen = {
  /** Which two of the works that were given, by their places. */
  readonly pair: readonly [number, number];
  /** The files that both have changed since they parted. */
  readonly both: readonly string[];
  /** Empty where the merge is clean. */
  readonly clashes: readonly Clash[];
};
