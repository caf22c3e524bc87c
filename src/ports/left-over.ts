/** A checkout that git was killed over. */
export type CutForward = {
  readonly branch: string;
  readonly root: string;
  readonly left: readonly string[];
  readonly trouble: string | null;
};

/** A file, by its path in its worktree, that no commit can have: it is too large, or git refuses its name (`mib` is null). */
export type Unkept = { readonly path: string; readonly mib: number | null };

/** What is done about what others have left in worktrees. */
export type LeftOver = {
  /**
   * Whether git still knows a worktree at this place, with this branch or commit checked out, while nothing is there: somebody
   * was killed who took it away.
   */
  isTakenAway(path: string, was: { readonly branch: string | null; readonly head: string }): Promise<boolean>;
  /** Takes away what killed processes have left of worktrees that they made; resolves with where those were to be. */
  clearHalfMade(): Promise<readonly string[]>;
  /**
   * Keeps in the archive what is staged in a worktree of ours and neither in its files nor in what is checked out; the ref, null
   * where there was nothing.
   */
  keepStaged(worktree: string): Promise<string | null>;
};
