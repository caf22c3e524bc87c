import type { Behind, RunGit } from '../run.ts';
import type { Enclosure } from './enclosure.ts';
import type { Refs } from './make.ts';
import type { PrivateNote } from './note.ts';

/** A worktree with both of its git directories. */
export type Both = {
  readonly commonDir: string;
  /** What git keeps of it in the repository. */
  readonly admin: string;
  readonly place: string;
  readonly run: RunGit;
  readonly note: PrivateNote;
  /** How git is called in the repository that works with the files of the worktree. */
  readonly behind: Behind;
  /** How git is called on the private one. */
  readonly inside: Enclosure;
  /** Changes a ref of the repository; rejects with `git/busy` where it is not any more where it was. */
  readonly moveRef: (ref: string, to: string, from: string | null) => Promise<void>;
  /** The words by which git does that. */
  readonly moveWords: (ref: string, to: string, from: string | null) => readonly string[];
  /** Does what changes a ref, once it is known to lead nowhere else, with a note on the disk whose lock there is. */
  readonly whileMoving: <T>(ref: string, work: () => Promise<T>) => Promise<T>;
  /** Where the refs of the repository were when a private git directory last had all of them. */
  readonly brought: Map<string, Refs>;
  /** Keeps a commit that no branch has; resolves with the ref, and rejects where it is not kept. */
  readonly keep: (commit: string) => Promise<string>;
};

/** How git is called on the repository's own of the worktree. */
export const hereAt = ({ admin, commonDir, place }: Pick<Both, 'admin' | 'commonDir' | 'place'>) => ({
  cwd: place,
  env: { GIT_DIR: admin, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: place },
});
