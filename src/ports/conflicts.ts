/** One file to be written into a commit that is being made. */
export type FileEdit = { readonly path: string; readonly content: string };

/** A file in a tree that is being made: its new text, or a blob that is there; null takes it away. */
export type TreeEdit = FileEdit | { readonly path: string; readonly blob: { mode: string; id: string } | null };

/** What one side has of a file that conflicts. */
export type ConflictSide = {
  readonly mode: string;
  readonly id: string;
  /** Null where its bytes are not text. */
  readonly text: string | null;
};

/** A file that two commits changed in different ways; null where a side has no such file. */
export type ConflictedFile = {
  readonly path: string;
  readonly base: ConflictSide | null;
  readonly ours: ConflictSide | null;
  readonly theirs: ConflictSide | null;
};

/** Merges texts line by line; places that are not decided stand between wide markers, with the base. Null: they are not text. */
export type MergeTexts = (sides: Readonly<Record<'base' | 'ours' | 'theirs', string>>) => Promise<string | null>;

/** A commit that has joined two histories. */
export type MergeOfTwo = { readonly commit: string; readonly parents: readonly [string, string] };
