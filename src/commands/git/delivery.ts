import type { Delivery } from '../../attention/steps.ts';
import type { Context } from '../define.ts';

/**
 * The branch of the person that lacks what is merged and can be brought forward to it; null where nothing is merged that
 * it lacks, and where it has commits of its own, so that it cannot only go forward.
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
  return ahead > 0 && behind === 0 ? { branch, commits: ahead } : null;
};
