import { constants } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeOf } from '../../lib/errors.ts';
import { gitBusy } from '../errors.ts';
import { refOf } from '../parse.ts';
import { textOf } from '../places.ts';
import { LONG_MS, type RunGit } from '../run.ts';
import { type Enclosure, fetchInto } from './enclosure.ts';
import { lookAtSide, refIn, type Side, stateOf } from './look.ts';
import { seenRefs } from './make.ts';
import { type PrivateNote, writeNote, writeWhole } from './note.ts';

/** What git leaves of something that is in the middle; a branch that is checked out anew is in the middle of nothing. */
const UNDER_WAY = [
  ...['MERGE_HEAD', 'MERGE_MODE', 'MERGE_MSG', 'AUTO_MERGE', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'SQUASH_MSG'],
  ...['rebase-merge', 'rebase-apply', 'sequencer', 'BISECT_LOG', 'BISECT_START'],
] as const;

/** A worktree with both of its git directories. */
export type Both = {
  readonly commonDir: string;
  /** What git keeps of it in the repository. */
  readonly admin: string;
  readonly place: string;
  readonly run: RunGit;
  readonly note: PrivateNote;
  /** How git is called on the private one. */
  readonly inside: Enclosure;
  /** Changes a ref of the repository; rejects with `git/busy` where it is not any more where it was. */
  readonly moveRef: (ref: string, to: string, from: string | null) => Promise<void>;
  /** Keeps a commit that no branch has. */
  readonly keep: (commit: string) => Promise<unknown>;
};

/** The ref of the branch that is worked on, as the daemon has written it down; null for none. */
const ownRef = async ({ admin }: Both): Promise<string | null> => {
  const branch = await textOf(join(admin, 'drover-branch'));
  return branch === undefined ? null : refOf(branch);
};

const here = ({ admin, commonDir, run, place }: Both, ref: string | null): Promise<Side> => {
  const env = { GIT_DIR: admin, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: place };
  return lookAtSide({ folder: commonDir, admin, ref, run: (args, call) => run(args, { ...call, env }) });
};

const there = ({ admin, inside, note: { folder } }: Both, ref: string | null): Promise<Side> =>
  lookAtSide({ folder, admin: join(folder, 'worktrees', basename(admin)), ref, run: inside.run });

/** What is checked out in the repository's own of the worktree becomes what is so inside; its files stay as they are. */
const follow = async ({ admin, commonDir, place, run }: Both, ref: string | null, mine: Side, theirs: Side) => {
  const at = { cwd: place, env: { GIT_DIR: admin, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: place } };
  const isOnOwn = ref !== null && refIn(theirs) === ref;
  if (isOnOwn && refIn(mine) !== ref) await run(['symbolic-ref', 'HEAD', ref], at);
  // The names of other branches are not brought out: their commits are enough.
  if (!isOnOwn && theirs.tip !== null)
    await run(['update-ref', '--no-deref', '-m', 'drover: harvest', 'HEAD', theirs.tip], at);
  if (theirs.tip !== mine.tip) await run(['reset', '--mixed', '--quiet'], { ...at, timeoutMs: LONG_MS });
};

/** Brings what was committed inside into the repository. */
const harvest = async (both: Both, ref: string | null, mine: Side, theirs: Side): Promise<void> => {
  const found = [theirs.commit, theirs.tip].filter((id) => id !== null && id !== mine.commit && id !== mine.tip);
  if (found.length > 0) await fetchInto(both, [...new Set(found as string[])], mine.commit);
  if (ref !== null && theirs.commit !== null && theirs.commit !== mine.commit)
    await both.moveRef(ref, theirs.commit, mine.commit);
  await follow(both, ref, mine, theirs);
};

/** Puts the index of the repository's own of the worktree into the private one, as git would: by its lock. */
const bringIndex = async (from: string, to: string): Promise<void> => {
  const lock = `${to}.lock`;
  const file = await open(lock, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600).catch(
    (error: unknown) => {
      throw codeOf(error) === 'EEXIST' ? gitBusy({ reason: lock }) : error;
    },
  );
  try {
    const { atime, mtime } = await stat(from);
    await file.writeFile(await readFile(from));
    await file.utimes(atime, mtime);
    await rename(lock, to);
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  } finally {
    await file.close();
  }
};

/** The refs that are elsewhere inside than in the repository, as git takes them on its standard input. */
const staleRefs = async ({ run, inside }: Both, but: string | null): Promise<string> => {
  const [mine, theirs] = await Promise.all([seenRefs(run), seenRefs(inside.run)]);
  return [...mine]
    .filter(([ref, id]) => ref !== but && theirs.get(ref) !== id)
    .map(([ref, id]) => `update ${ref} ${id}\n`)
    .join('');
};

/** Brings what the daemon did in the repository to whoever works inside: the branch that is checked out, and all others. */
const bring = async (both: Both, ref: string | null, mine: Side): Promise<void> => {
  const { admin, inside, note } = both;
  const own = join(note.folder, 'worktrees', basename(admin));
  await bringIndex(join(admin, 'index'), join(own, 'index'));
  for (const name of UNDER_WAY) await rm(join(own, name), { recursive: true, force: true });
  await writeWhole(join(own, 'HEAD'), `${mine.head}\n`);
  const update = ['update-ref', '--no-deref', '--create-reflog', '-m', 'drover: bring', '--stdin'];
  if (ref !== null && mine.commit !== null) await inside.run(update, { input: `update ${ref} ${mine.commit}\n` });
  const stale = await staleRefs(both, ref);
  // Branches that were made inside may be in the way of others; those are then as they were.
  if (stale !== '') await inside.run(update, { input: stale, accept: 'any' });
};

const noteState = async (both: Both, ref: string | null, state: Pick<PrivateNote, 'here' | 'there'>) => {
  const written = { ...both.note, here: `${ref} ${state.here}`, there: `${ref} ${state.there}` };
  await writeNote(both.admin, written);
};

/**
 * Lets each of the two git directories of a worktree have what the other has by now. Whoever works inside moves its branch;
 * the daemon checks branches out and commits what was left. Where both did, the daemon's word counts, and the commit of the
 * other is kept.
 */
export const carry = async (both: Both): Promise<void> => {
  const ref = await ownRef(both);
  const [mine, theirs] = await Promise.all([here(both, ref), there(both, ref)]);
  const isMovedHere = both.note.here !== `${ref} ${stateOf(mine)}`;
  const isMovedThere = both.note.there !== `${ref} ${stateOf(theirs)}`;
  if (!isMovedHere && !isMovedThere) return;
  if (!isMovedHere) await harvest(both, ref, mine, theirs);
  else {
    if (isMovedThere && theirs.tip !== null && theirs.tip !== mine.tip && !both.note.there.includes(theirs.tip)) {
      await fetchInto(both, [theirs.tip], mine.commit);
      await both.keep(theirs.tip);
    }
    await bring(both, ref, mine);
  }
  const [after, inside] = await Promise.all([here(both, ref), there(both, ref)]);
  await noteState(both, ref, { here: stateOf(after), there: stateOf(inside) });
};

/** The same for a private git directory that was just made of the repository as it is. */
export const noteMade = async (both: Both): Promise<void> => {
  const ref = await ownRef(both);
  const [mine, theirs] = await Promise.all([here(both, ref), there(both, ref)]);
  await noteState(both, ref, { here: stateOf(mine), there: stateOf(theirs) });
};
