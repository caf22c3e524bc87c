import type { Delivery } from '../../attention/steps.ts';
import type { Context } from '../define.ts';

/**
 * The branch of the person that lacks what is merged and can be brought forward to it; null where nothing is merged that
 * it lacks, and where its own commits conflict with that, so that no command brings them in. Merges are no work of a task, and
 * are not counted.
 */
export const deliveryIn = async ({ git, settings }: Pick<Context, 'git' | 'settings'>): Promise<Delivery | null> => {
  const { base, integration } = settings.branches;
  const branch = base ?? (await git.currentBranch());
  if (branch === null || branch === integration) return null;
  const [own, merged] = await Promise.all([
    git.resolve(`refs/heads/${branch}`),
    git.resolve(`refs/heads/${integration}`),
  ]);
  if (own === null || merged === null || own === merged) return null;
  const { ahead, behind } = await git.divergence(own, merged);
  if (ahead === 0 || (behind > 0 && (await git.mergeTrees(merged, own)).kind === 'conflict')) return null;
  return { branch, commits: await git.commitCount(own, merged), own: behind, integration };
};
