import { readFile } from 'node:fs/promises';
import type { Mutex } from '../lib/mutex.ts';
import type { Git } from '../ports/index.ts';
import { changeRef } from './change-ref.ts';
import { MADE, withClaim } from './claims.ts';
import { badBranch, branchBlocked, checkedOutByUser } from './errors.ts';
import { assertNotHeld } from './held-branch.ts';
import { assertRefUnlinked } from './links.ts';
import { listWorktrees } from './list-worktrees.ts';
import { branchOf, refOf } from './parse.ts';
import { textOf } from './places.ts';
import { DURABLE, type GitPlace, LONG_MS, type RunGit, refused } from './run.ts';

/** Names that need no process to be found valid. */
const PLAIN = /^(?:[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*(?:\/|$))+$/u;

const ARCHIVE = 'refs/drover/archive/';
/** So far back the log of a branch is looked through. */
const LOGGED = 1000;

/** The commit a name stands for. */
export const resolveWith = async (run: RunGit, name: string, at?: GitPlace): Promise<string | null> => {
  // A revision that cannot exist, as an entry of a reflog that is too short, ends with 128, any other unknown one with 1.
  const exit = await run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], {
    accept: [0, 1, 128],
    ...at,
  });
  return exit.code === 0 ? exit.stdout.trim() : null;
};

/** What keeps commits: branches, also of remotes, tags, and the archive. */
const KEEPING = ['refs/heads', 'refs/remotes', 'refs/tags', ARCHIVE];

/** Whether something keeps a commit for good. */
export const isOnRef = async (run: RunGit, commit: string): Promise<boolean> => {
  const args = ['for-each-ref', '--count=1', '--format=%(refname)', `--contains=${commit}`, ...KEEPING];
  return (await run(args, { timeoutMs: LONG_MS })).stdout !== '';
};

export const headBranch = async (run: RunGit, at: GitPlace): Promise<string | null> => {
  const exit = await run(['symbolic-ref', '--quiet', 'HEAD'], { ...at, accept: [0, 1] });
  return branchOf(exit.stdout.trim());
};

/**
 * The commit of a branch, read from the files that hold it: asked for at the start of every task, where a process would
 * take longer than all the rest. `undefined` where the files do not tell and git has to be asked.
 */
const quickly = async (commonDir: string, ref: string): Promise<string | null | undefined> => {
  const text = (path: string) => readFile(`${commonDir}/${path}`, 'utf8').catch(() => null);
  const loose = await textOf(`${commonDir}/${ref}`);
  if (loose !== undefined) return /^(?<id>[0-9a-f]{40,64})$/u.exec(loose)?.groups?.['id'];
  const packed = (await text('packed-refs')) ?? '';
  const elsewhere = packed.includes(` ${ref}\n`) || (await text('HEAD'))?.includes('.invalid');
  return elsewhere ? undefined : null;
};

/** Finds commits by names, branches without a process where that can be. */
const resolverOf =
  (commonDir: string, run: RunGit) =>
  async (name: string): Promise<string | null> => {
    const known = PLAIN.test(name) && name.startsWith('refs/heads/') ? await quickly(commonDir, name) : undefined;
    return known === undefined ? resolveWith(run, name) : known;
  };

/**
 * Where a branch that exists is checked out, but for one place; moving it there would make all that changes look like
 * somebody's edits.
 */
export const checkoutOf = async (run: RunGit, branch: string, but?: string): Promise<string | undefined> =>
  (await listWorktrees(run)).find((one) => one.branch === branch && one.path !== but)?.path;

/** Changes refs by git, with a note beside it that tells a later process whose lock git left when both were killed. */
const updateWith =
  ({ root, commonDir, run }: { root: string; commonDir: string; run: RunGit }) =>
  async (ref: string, args: readonly string[]) => {
    await assertRefUnlinked(commonDir, ref);
    return changeRef({ root, commonDir }, ref, () => run(args, { accept: 'any', config: DURABLE }));
  };

const isValidBranch = async (run: RunGit, name: string): Promise<boolean> => {
  if (name === '' || name.startsWith('-') || name.includes('\0')) return false;
  if (PLAIN.test(name) && name !== 'HEAD' && !/\.lock(?:\/|$)|\/$/u.test(name)) return true;
  const exit = await run(['check-ref-format', '--branch', name], { accept: 'any' });
  // It also expands `@{-1}` and the like, which are no names.
  return exit.code === 0 && exit.stdout === `${name}\n`;
};

type Making = {
  readonly commonDir: string;
  readonly resolve: (name: string) => Promise<string | null>;
  readonly create: (ref: string, commit: string) => Promise<boolean>;
};

/** Creates a branch; with an owner beside a claim, which is only made where there is no such branch: it could be somebody's. */
const ownedWith =
  ({ commonDir, resolve, create }: Making) =>
  async (branch: string, commit: string, owner: string | undefined): Promise<boolean> => {
    const make = () => create(refOf(branch), commit);
    if (owner === undefined) return make();
    return (await resolve(refOf(branch))) === null && withClaim(commonDir, { branch, commit, owner }, make);
  };

type Place = { readonly root: string; readonly commonDir: string; readonly run: RunGit; readonly exclusive: Mutex };

const historyWith = (run: RunGit): Pick<Git, 'isAncestor' | 'wasMoved'> => ({
  isAncestor: async (commit, of) =>
    (await run(['merge-base', '--is-ancestor', commit, of], { accept: [0, 1] })).code === 0,
  wasMoved: async (branch, from, to) => {
    // The newest first: before an entry is where the next one has left it.
    const { stdout } = await run(['log', '-g', `-${LOGGED}`, '--format=%H', refOf(branch)], { accept: 'any' });
    const ids = stdout.split('\n');
    return ids.some((id, n) => id === to && ids[n + 1] === from);
  },
});

export const openRefs = ({ root, commonDir, run, exclusive }: Place) => {
  const update = updateWith({ root, commonDir, run });
  const resolve = resolverOf(commonDir, run);

  const exists = async (ref: string): Promise<boolean> =>
    (await run(['show-ref', '--verify', '--quiet', ref], { accept: [0, 1] })).code === 0;

  const hasBelow = async (ref: string): Promise<boolean> =>
    (await run(['for-each-ref', '--count=1', '--format=%(refname)', `${ref}/`])).stdout !== '';

  const blockerOf = async (branch: string): Promise<string | null> => {
    const parts = branch.split('/');
    for (let n = 1; n < parts.length; n += 1) {
      const parent = parts.slice(0, n).join('/');
      if (await exists(refOf(parent))) return parent;
    }
    return null;
  };

  /** Creates the ref; false when it, or refs below it, are there already. */
  const create = async (ref: string, commit: string): Promise<boolean> => {
    const args = ['update-ref', '--create-reflog', '-m', MADE, ref, commit, ''];
    const exit = await update(ref, args);
    if (exit.code === 0) return true;
    if ((await exists(ref)) || (await hasBelow(ref))) return false;
    const branch = branchOf(ref);
    const by = branch === null ? null : await blockerOf(branch);
    throw branch !== null && by !== null ? branchBlocked({ branch, by }) : refused(args, exit);
  };

  const createOwned = ownedWith({ commonDir, resolve, create });

  const createBranch: Git['createBranch'] = async (wanted, commit, owner) => {
    if (!(await isValidBranch(run, wanted))) throw badBranch({ branch: wanted });
    return exclusive(async () => {
      for (let n = 1; ; n += 1) {
        const name = n === 1 ? wanted : `${wanted}-${n}`;
        if (await createOwned(name, commit, owner)) return name;
      }
    });
  };

  const assertMovable = async (branch: string, from: string | null): Promise<void> => {
    if ((await headBranch(run, { cwd: root })) === branch) throw checkedOutByUser({ branch, root });
    const place = from === null ? undefined : await checkoutOf(run, branch);
    if (place !== undefined) throw checkedOutByUser({ branch, root: place });
    if (from !== null) await assertNotHeld({ commonDir, run }, branch);
  };

  const moveBranch: Git['moveBranch'] = (branch, from, to) =>
    exclusive(async () => {
      await assertMovable(branch, from);
      const args = ['update-ref', '--create-reflog', '-m', 'drover: move', refOf(branch), to, from ?? ''];
      const exit = await update(refOf(branch), args);
      if (exit.code === 0) return true;
      if ((await resolveWith(run, refOf(branch))) !== from) return false;
      const by = from === null ? await blockerOf(branch) : null;
      throw by === null ? refused(args, exit) : branchBlocked({ branch, by });
    });

  const removeBranch: Git['removeBranch'] = (branch, at) =>
    exclusive(async () => {
      await assertMovable(branch, at);
      const exit = await update(refOf(branch), ['update-ref', '-d', refOf(branch), at]);
      return exit.code === 0;
    });

  const archive: Git['archive'] = (name, commit) =>
    exclusive(async () => {
      for (let n = 1; ; n += 1) {
        const ref = `${ARCHIVE}${name}${n === 1 ? '' : `-${n}`}`;
        if ((await create(ref, commit)) || (await resolveWith(run, ref)) === commit) return ref;
      }
    });

  return {
    currentBranch: () => headBranch(run, { cwd: root }),
    resolve,
    validBranch: (name: string) => isValidBranch(run, name),
    ...historyWith(run),
    createBranch,
    moveBranch,
    removeBranch,
    archive,
  };
};
