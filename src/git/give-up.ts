import { join } from 'node:path';
import type { Git } from '../ports/index.ts';
import { worktreeGuard } from './checkouts.ts';
import { underWayThere } from './errors.ts';
import { unhide } from './hidden.ts';
import { noteBranch, textOf } from './places.ts';
import { removeHeld } from './private/remove.ts';
import { isOnRef, resolveWith } from './refs.ts';
import { type InsidePlace, LONG_MS, type RunGit } from './run.ts';
import { STAGING } from './stage.ts';
import { keepStaged } from './staged.ts';
import { type Admins, adminsOf, registeredAdmins, UNDER_WAY, underWayIn } from './under-way.ts';
import { withoutFiles } from './without-files.ts';
import type { GitContext } from './worktrees.ts';

/** Files of those that name a commit which no ref may lead to: where a branch was, what is merged, what was set aside. */
const COMMITS = [
  ...['rebase-merge/orig-head', 'rebase-merge/autostash', 'rebase-apply/orig-head', 'rebase-apply/autostash'],
  ...['MERGE_HEAD', 'MERGE_AUTOSTASH', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'sequencer/head'],
];

/** The commits that only what is in the middle leads to, as far as the repository has them. */
const commitsIn = async (run: RunGit, at: InsidePlace, { outside, inside }: Admins): Promise<readonly string[]> => {
  const texts = await Promise.all(COMMITS.map((name) => textOf(join(inside ?? outside, name))));
  const ids = texts.flatMap((text) => /^[0-9a-f]{40,64}/u.exec(text ?? '')?.[0] ?? []);
  const found = await Promise.all([...new Set(ids)].map((id) => resolveWith(run, id, at)));
  return found.filter((id) => id !== null);
};

/**
 * Has nothing be uncommitted there any more, with all files as they are: HEAD comes off its branch to the commit that has them,
 * where that is another one.
 */
const stepAside = async (run: RunGit, at: InsidePlace, saved: string | null): Promise<void> => {
  if (saved !== null) {
    await run(['update-ref', '--no-deref', '-m', 'drover: keep', 'HEAD', saved], at);
    await noteBranch(at.env.GIT_DIR, null);
  }
  const args = ['reset', '--quiet', '--mixed', 'HEAD'];
  await withoutFiles(at, (call) => run(args, { ...call, config: STAGING, timeoutMs: LONG_MS }));
};

/** Takes away what git keeps of it, wherever that is. */
const forget = async ({ outside, inside }: Admins): Promise<void> => {
  for (const folder of inside === undefined ? [outside] : [outside, inside])
    for (const name of UNDER_WAY) await removeHeld(join(folder, name));
};

type Parts = { readonly keep: (at: InsidePlace, message: string) => Promise<string | null> };

/**
 * Whether a branch of the repository is surely checked out, by the files that say so: that is asked before every checkout. One that
 * an agent has made in its own git directory is none.
 */
const isOnBranch = async ({ outside, inside = outside }: Admins): Promise<boolean> => {
  const [here, there] = await Promise.all([outside, inside].map((folder) => textOf(join(folder, 'HEAD'))));
  return here !== undefined && here === there && here.startsWith('ref: refs/heads/');
};

/** Keeps what only the HEAD of a worktree leads to. */
const keepHeadWith = (context: GitContext): Git['keepHead'] => {
  const { archive, commonDir, run } = context;
  const within = worktreeGuard(context);
  return async (worktree, name) => {
    const admins = await registeredAdmins(commonDir, worktree);
    if (!admins || (await isOnBranch(admins)) || (await underWayIn(admins)) !== null) return null;
    return within(worktree, async (at) => {
      const head = await resolveWith(run, 'HEAD', at);
      return head === null || (await isOnRef(run, head)) ? null : archive(name, head);
    });
  };
};

/**
 * Keeps what an agent has left in a worktree and no ref leads to, and gives up what is in the middle there. Whoever is killed on
 * the way is followed by one who begins anew.
 */
export const openGivingUp = (context: GitContext, { keep }: Parts): Pick<Git, 'giveUp' | 'keepHead'> => {
  const { archive, run } = context;
  const within = worktreeGuard(context);
  return {
    keepHead: keepHeadWith(context),
    giveUp: (worktree, name, message) =>
      within(worktree, async (at) => {
        const admins = await adminsOf(at.env.GIT_DIR);
        const what = await underWayIn(admins);
        if (what === null) return null;
        await unhide(run, at);
        const saved = await keep(at, message);
        const head = saved ?? (await resolveWith(run, 'HEAD', at));
        const staged = await keepStaged(context, at);
        const kept: string[] = staged === null ? [] : [staged];
        for (const commit of new Set([head, ...(await commitsIn(run, at, admins))]))
          if (commit !== null && !(await isOnRef(run, commit))) kept.push(await archive(name, commit));
        await stepAside(run, at, saved);
        await forget(admins).catch((error: unknown) => {
          throw underWayThere({ path: at.cwd, what: `a ${what}` }, error);
        });
        return { what, kept };
      }),
  };
};
