import type { Behind } from '../run.ts';

/** Worktrees that have a git directory of their own, for whoever works there shut in; see docs/sandbox.md. */
export type Privates = {
  /** Lets a worktree and its private git directory have what the other has; the caller has the worktree for itself. */
  readonly carry: (place: string) => Promise<void>;
  /** The same for a caller who has not; resolves with the private git directory's own of the worktree, if there is one. */
  readonly look: (place: string) => Promise<string | undefined>;
  /** How git is called that reads or writes the files of a worktree. */
  readonly behind: (admin: string, place: string) => Behind;
  /** Keeps in the archive what is in the private git directory of a worktree, and nowhere else; rejects where it cannot. */
  readonly bringOut: (admin: string, place: string) => Promise<void>;
  /** Keeps in the archive what is staged there, and neither in the files nor in what is checked out; the ref, null for nothing. */
  readonly keepStaged: (admin: string, place: string) => Promise<string | null>;
  /** Removes the private git directory of a worktree that goes, once that was done. */
  readonly drop: (admin: string) => Promise<void>;
};
