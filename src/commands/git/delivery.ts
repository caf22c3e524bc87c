import type { Delivery } from '../../attention/steps.ts';
import type { Context } from '../define.ts';

/** The branch that "sync branch" brings into the integration branch; null where none is checked out. */
const baseBranch = async ({ git, settings }: Pick<Context, 'git' | 'settings'>): Promise<string | null> =>
  settings.branches.base ?? (await git.currentBranch());

/** Whether the commits of a branch can be brought into the integration branch by "sync branch". */
export const canCatchUp = async (
  context: Pick<Context, 'git' | 'settings'>,
  { branch, own, merged }: { readonly branch: string; readonly own: string; readonly merged: string },
): Promise<boolean> =>
  branch === (await baseBranch(context)) && (await context.git.mergeTrees(merged, own)).kind === 'merged';

/**
 * The branch of the person that lacks what is merged and can be brought forward to it, or has commits that the integration
 * branch lacks; null where neither is so, and where its own commits conflict with what is merged, so that no command brings
 * them in. Merges are no work of a task, and are not counted.
 */
export const deliveryIn = async (context: Pick<Context, 'git' | 'settings'>): Promise<Delivery | null> => {
  const { git, settings } = context;
  const { integration } = settings.branches;
  const branch = await baseBranch(context);
  if (branch === null || branch === integration) return null;
  const [own, merged] = await Promise.all([
    git.resolve(`refs/heads/${branch}`),
    git.resolve(`refs/heads/${integration}`),
  ]);
  if (own === null || merged === null || own === merged) return null;
  const { behind } = await git.divergence(own, merged);
  if (behind > 0 && !(await canCatchUp(context, { branch, own, merged }))) return null;
  return { branch, commits: await git.commitCount(own, merged), own: behind, integration };
};
