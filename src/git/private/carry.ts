import { link, lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeOf } from '../../lib/errors.ts';
import { gitBusy } from '../errors.ts';
import { refOf } from '../parse.ts';
import { copyIndex } from '../copy-index.ts';
import { occupantOf, textOf } from '../places.ts';
import { LONG_MS, onFiles } from '../run.ts';
import { MERGING, UNDER_WAY } from '../under-way.ts';
import { type Both, hereAt } from './both.ts';
import { keepNew } from './bring-out.ts';
import { fetchInto, type Steps } from './enclosure.ts';
import { lookAtSide, refIn, type Side, stateOf } from './look.ts';
import { type Refs, seenRefs } from './make.ts';
import { type PrivateNote, writeNote, writeWhole } from './note.ts';
import { removeHeld } from './remove.ts';

/** The ref of the branch that is worked on, as the daemon has written it down; null for none. */
const ownRef = async ({ admin }: Both): Promise<string | null> => {
  const branch = await textOf(join(admin, 'drover-branch'));
  return branch === undefined ? null : refOf(branch);
};

const here = (both: Both, ref: string | null): Promise<Side> => {
  const { admin, commonDir, run } = both;
  const { env } = hereAt(both);
  return lookAtSide({
    folder: commonDir,
    admin,
    isFiles: false,
    ref,
    run: (args, call) => run(args, { ...call, env }),
  });
};

const there = ({ admin, inside, note: { folder } }: Both, ref: string | null): Promise<Side> =>
  lookAtSide({ folder, admin: join(folder, 'worktrees', basename(admin)), isFiles: true, ref, run: inside.run });

/** Whether git may run what somebody has set as a filter, for files that are as young as the index that it writes. */
const hasFilters = async (both: Both): Promise<boolean> => (await both.behind(hereAt(both).env, 'look')) !== undefined;

/** What has the index be as a commit is, and touches no ref. */
const indexWords = (commit: string) => ['reset', '--quiet', '--no-refresh', commit, '--', '.'];

/** The index becomes what HEAD has, and nothing is in the middle. Behind the wall git can move no ref, and need not. */
const resetIndex = async (both: Both, { tip }: Side): Promise<void> => {
  const { admin, run } = both;
  const at = { ...hereAt(both), timeoutMs: LONG_MS };
  if (tip === null || !(await hasFilters(both)))
    return void (await run(['reset', '--quiet', '--no-refresh', '--mixed'], at));
  await onFiles(run, both)(indexWords('HEAD'), at);
  for (const name of MERGING) await removeHeld(join(admin, name));
};

/** What is checked out in the repository's own of the worktree becomes what is so inside; its files stay as they are. */
const follow = async (both: Both, ref: string | null, mine: Side, theirs: Side) => {
  const { run, note } = both;
  const at = hereAt(both);
  const isOnOwn = ref !== null && refIn(theirs) === ref;
  if (isOnOwn && refIn(mine) !== ref) await run(['symbolic-ref', 'HEAD', ref], at);
  // The names of other branches are not brought out: their commits are enough.
  if (!isOnOwn && theirs.tip !== null)
    await run(['update-ref', '--no-deref', '-m', 'drover: harvest', 'HEAD', theirs.tip], at);
  // A harvest that came to no end may have left the index behind.
  if (theirs.tip !== mine.tip || note.taking) await resetIndex(both, theirs);
};

const idsOf = ({ commit, tip }: Side): readonly string[] => [commit, tip].filter((id) => id !== null);

/** Whether a side is where a harvest that somebody was killed in has left it, and nobody else. */
const isLeftBy = ({ note: { taking } }: Both, ref: string | null, mine: Side): boolean =>
  taking !== undefined && taking.ref === ref && idsOf(mine).every((id) => taking.ids.includes(id));

/**
 * What remains to be done where both sides have the branch checked out and nothing is in the middle: the branch moves, and the
 * index follows. Undefined where there is more to do.
 */
const shortWay = async (both: Both, ref: string | null, mine: Side, theirs: Side): Promise<Steps | undefined> => {
  if (ref === null || mine.commit === null || theirs.commit === null || theirs.commit === mine.commit) return undefined;
  if (refIn(mine) !== ref || refIn(theirs) !== ref) return undefined;
  const names: readonly string[] = await readdir(both.admin);
  // A reset of everything ends it, and one of paths does not.
  if (UNDER_WAY.some((name) => names.includes(name))) return undefined;
  if (await hasFilters(both)) return undefined;
  const at = hereAt(both);
  return {
    branch: { args: both.moveWords(ref, theirs.commit, mine.commit), ...at },
    index: { args: indexWords(theirs.commit), ...at },
  };
};

/**
 * Brings what was committed inside into the repository; how that is then. It is written down first: whoever is killed in it
 * is followed by one who ends it.
 */
const harvest = async (both: Both, ref: string | null, mine: Side, theirs: Side): Promise<Side> => {
  const ids = [...new Set([...idsOf(mine), ...idsOf(theirs)])];
  const [steps] = await Promise.all([
    shortWay(both, ref, mine, theirs),
    writeNote(both.admin, { ...both.note, taking: { ref, ids } }),
  ]);
  const found = [theirs.commit, theirs.tip].filter((id) => id !== null && id !== mine.commit && id !== mine.tip);
  const take = () => fetchInto(both, [...new Set(found as string[])], mine.commit, steps);
  const done = found.length === 0 ? 0 : await (steps ? both.whileMoving(ref!, take) : take());
  if (done > 1) return theirs;
  if (done === 0 && ref !== null && theirs.commit !== null && theirs.commit !== mine.commit)
    await both.moveRef(ref, theirs.commit, mine.commit).catch(async (error: unknown) => {
      // The index may be ahead of the branch by now.
      if (steps) await both.run(indexWords('HEAD'), hereAt(both));
      throw error;
    });
  await follow(both, ref, mine, theirs);
  return here(both, ref);
};

/** Takes a lock of git's away where it is the other name of this file: then one of us made it, and came to no end. */
const breakOwnLock = async (lock: string, draft: string): Promise<void> => {
  const [held, ours] = await Promise.all([lock, draft].map((path) => lstat(path).catch(() => undefined)));
  if (held && ours && held.ino === ours.ino && held.dev === ours.dev) await rm(lock);
};

/** Puts the index of the repository's own of the worktree into the private one, as git would: by its lock. */
const bringIndex = async (from: string, to: string): Promise<void> => {
  const lock = `${to}.lock`;
  const draft = `${to}.drover`;
  await breakOwnLock(lock, draft);
  await removeHeld(draft);
  await copyIndex(from, draft, 'wx');
  await link(draft, lock).catch((error: unknown) => {
    throw codeOf(error) === 'EEXIST' ? gitBusy({ reason: lock }) : error;
  });
  await rename(lock, to);
  await rm(draft, { force: true });
};

/** Whoever works inside may make as many refs as they like: so many are compared, and others are written without. */
const MOST_REFS = 50_000;

/** Of more refs than these it is not kept where they were. */
const MOST_KEPT = 1000;

/** The refs that are not where they are in others, as git takes them on its standard input. */
const elsewhere = (refs: Refs, others: Refs, but: string | null): string =>
  [...refs]
    .filter(([ref, id]) => ref !== but && others.get(ref) !== id)
    .map(([ref, id]) => `update ${ref} ${id}\n`)
    .join('');

/** Puts the branch that is worked on, and all that have moved since, to where they are in the repository. */
const bringRefs = async ({ brought, inside, note: { folder } }: Both, ref: string | null, mine: Side, now: Refs) => {
  const write = async (input: string, accept: 'any' | readonly number[] = 'any'): Promise<boolean> => {
    const args = ['update-ref', '--no-deref', '--create-reflog', '-m', 'drover: bring', '--stdin'];
    return input === '' || (await inside.runWhole(args, { input, accept })).code === 0;
  };
  const own = ref !== null && mine.commit !== null ? `update ${ref} ${mine.commit}\n` : '';
  const before = brought.get(folder);
  brought.delete(folder);
  let isDone = before !== undefined && (await write(own + elsewhere(now, before, ref)));
  if (!isDone) {
    await write(own, [0]);
    // Branches that were made inside may be in the way of others; those are then as they were.
    isDone = await write(elsewhere(now, await seenRefs(inside.run, MOST_REFS), ref));
  }
  if (isDone && now.size <= MOST_KEPT) brought.set(folder, now);
};

/** Brings the index and `HEAD` inside; nothing is in the middle there any more. */
const bringFiles = async ({ admin, note }: Both, mine: Side): Promise<void> => {
  const own = join(note.folder, 'worktrees', basename(admin));
  await bringIndex(join(admin, 'index'), join(own, 'index'));
  for (const name of UNDER_WAY) await removeHeld(join(own, name));
  await writeWhole(join(own, 'HEAD'), `${mine.head}\n`);
};

/** Brings what the daemon did in the repository to whoever works inside: the branch that is checked out, and all others. */
const bring = async (both: Both, ref: string | null, mine: Side): Promise<void> => {
  const begun = [both.inside.wholeWall(), seenRefs(both.run), bringFiles(both, mine)] as const;
  // Where one is refused the others go on, and the next look would meet them at the same files.
  await Promise.allSettled(begun);
  const [, now] = await Promise.all(begun);
  await bringRefs(both, ref, mine, now);
};

const noteState = (
  { admin, note: { folder } }: Both,
  ref: string | null,
  { here: mine, there: theirs }: Pick<PrivateNote, 'here' | 'there'>,
) => writeNote(admin, { folder, here: `${ref} ${mine}`, there: `${ref} ${theirs}` });

/** Where a person has moved the private one away, or lost it, the other is all there is: it is made anew for the next start. */
const endAlone = async (both: Both, ref: string | null, mine: Side, theirs: Side): Promise<void> => {
  const { folder, here: noted, there: known, taking } = both.note;
  if (!taking) return;
  await follow(both, ref, mine, theirs);
  await writeNote(both.admin, { folder, here: noted, there: known });
};

/**
 * Lets each of the two git directories of a worktree have what the other has by now. Whoever works inside moves its branch;
 * the daemon checks branches out and commits what was left. Where both did, the daemon's word counts, and the commits of the
 * other are kept: that of its branch, and that of its `HEAD`.
 */
export const carry = async (both: Both): Promise<void> => {
  const ref = await ownRef(both);
  const [mine, theirs] = await Promise.all([here(both, ref), there(both, ref)]);
  const isHalf = isLeftBy(both, ref, mine);
  const isMovedHere = !isHalf && both.note.here !== `${ref} ${stateOf(mine)}`;
  const isMovedThere = both.note.there !== `${ref} ${stateOf(theirs)}`;
  if (!isHalf && !isMovedHere && !isMovedThere) return;
  if ((await occupantOf(both.note.folder)) === 'nothing') return endAlone(both, ref, mine, theirs);
  if (!isMovedHere) {
    const after = await harvest(both, ref, mine, theirs);
    // What was committed inside since it was looked at is news.
    return noteState(both, ref, { here: stateOf(after), there: stateOf(theirs) });
  }
  if (isMovedThere) {
    // What was noted last has come out.
    const had = [...idsOf(mine), ...both.note.there.split(' ').slice(-2)];
    const news = idsOf(theirs).filter((id) => !had.includes(id));
    await keepNew(both, news, mine.commit);
  }
  await bring(both, ref, mine);
  const [after, inside] = await Promise.all([here(both, ref), there(both, ref)]);
  return noteState(both, ref, { here: stateOf(after), there: stateOf(inside) });
};

/** The same for a private git directory that was just made of the repository as it is. */
export const noteMade = async (both: Both): Promise<void> => {
  both.brought.delete(both.note.folder);
  const ref = await ownRef(both);
  const [mine, theirs] = await Promise.all([here(both, ref), there(both, ref)]);
  await noteState(both, ref, { here: stateOf(mine), there: stateOf(theirs) });
};
