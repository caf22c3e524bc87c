import { AppError } from '../../lib/errors.ts';
import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';
import { saveWork } from './save-work.ts';

/**
 * Saves what was left uncommitted in a worktree. A daemon that was killed in the middle of a checkout leaves such files as
 * well.
 */
const saveLeftover = async (services: DaemonServices, instance: Instance, before: string): Promise<void> => {
  const { instance_id: id } = instance;
  const saved = await saveWork(services, instance, `WIP of ${id} before ${before}`, { keepVerified: true });
  if (saved === null) return;
  const where = saved.branch === null ? ', in the archive' : ` on ${saved.branch}`;
  services.log(`saved uncommitted work of ${id} as ${saved.commit}${where}`);
};

/** Checks a branch out in the worktree of an instance; what was left uncommitted there is saved first. */
export const checkOutBranch = async (
  services: DaemonServices,
  instance: Instance,
  branch: string,
  taskId: string,
): Promise<void> => {
  const { git } = services.targetOf(instance);
  try {
    await git.switchTo(instance.workspace_path, branch);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'git/dirty') throw error;
    await saveLeftover(services, instance, taskId);
    await git.switchTo(instance.workspace_path, branch);
  }
};
