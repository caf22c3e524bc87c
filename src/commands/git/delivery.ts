import type { Delivery } from '../../attention/step.ts';
import { failedGround } from '../../tasks/merge-gates.ts';
import type { Context } from '../define.ts';

/** The branch that "sync branch" brings into the integration branch; null where none is checked out. */
const baseBranch = async ({ git, settings }: Pick<Context, 'git' | 'settings'>): Promise<string | null> =>
  settings.branches.base ?? (await git.currentBranch());

/** The files in which two commits exclude each other; undefined where they merge. */
const clashOf = async (git: Context['git'], merged: string, own: string): Promise<readonly string[] | undefined> => {
  const found = await git.mergeTrees(merged, own);
  return found.kind === 'conflict' ? found.files : undefined;
};

/** Whether the commits of a branch can be brought into the integration branch by "sync branch". */
export const canCatchUp = async (
  context: Pick<Context, 'git' | 'settings'>,
  { branch, own, merged }: { readonly branch: string; readonly own: string; readonly merged: string },
): Promise<boolean> =>
  branch === (await baseBranch(context)) && (await clashOf(context.git, merged, own)) === undefined;

/** Whether two commits have the same files: what one has more is taken back in it, by a rollback for instance. */
const isAlike = async ({ git }: Pick<Context, 'git'>, own: string, merged: string): Promise<boolean> => {
  const [ours, theirs] = await Promise.all([own, merged].map((commit) => git.mergeTrees(commit, commit)));
  return ours?.kind === 'merged' && theirs?.kind === 'merged' && ours.tree === theirs.tree;
};

/**
 * The tasks whose work a branch has, and loses with what is merged: their batch was taken back by a commit that the branch has not
 * yet, and no later one has merged them again.
 */
export const takenBack = async (
  { git, store }: Pick<Context, 'git' | 'store'>,
  { own, merged }: { readonly own: string; readonly merged: string },
): Promise<readonly string[]> => {
  const { batches, tasks } = store.state;
  const found = new Set<string>();
  for (const { state, rollback, head_commit: head, merged: merges } of Object.values(batches)) {
    if (state !== 'rolled-back' || rollback?.method !== 'revert') continue;
    const lost = merges.flatMap(({ task }) => ((tasks[task]?.batch ?? null) === null ? [task] : []));
    // Few branches have what was taken back, and only of these more is asked.
    const isLost =
      lost.length > 0 &&
      (await git.isAncestor(head, own)) &&
      !(await git.isAncestor(rollback.to_commit, own)) &&
      (await git.isAncestor(rollback.to_commit, merged));
    if (isLost) for (const task of lost) found.add(task);
  }
  return [...found];
};

/**
 * The branch of the person that lacks what is merged and can be brought forward to it, or has commits that the integration
 * branch lacks, which may conflict with what is merged; null where neither is so, and where its files would stay as they are.
 */
export const deliveryIn = async (context: Pick<Context, 'git' | 'settings' | 'store'>): Promise<Delivery | null> => {
  const { git, settings, store } = context;
  const { integration } = settings.branches;
  const branch = await baseBranch(context);
  if (branch === null || branch === integration) return null;
  const [own, merged] = await Promise.all([
    git.resolve(`refs/heads/${branch}`),
    git.resolve(`refs/heads/${integration}`),
  ]);
  if (own === null || merged === null || own === merged) return null;
  const { ahead: commits, behind } = await git.divergence(own, merged);
  if (behind === 0 && (await isAlike(context, own, merged))) return null;
  const conflicts = behind === 0 ? undefined : await clashOf(git, merged, own);
  const failed = failedGround(settings, Object.values(store.state.batches), merged);
  const back = await takenBack(context, { own, merged });
  const hindered = behind === 0 ? await git.forwardTrouble(branch, own, merged) : null;
  return {
    ...{ branch, commits, own: behind, integration },
    ...(conflicts ? { conflicts } : {}),
    ...(failed ? { failed } : {}),
    ...(hindered === null ? {} : { hindered }),
    ...(back.length > 0 ? { takes_back: [...back] } : {}),
  };
};
