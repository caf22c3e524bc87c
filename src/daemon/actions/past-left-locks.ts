import { gitBusy } from '../../git/errors.ts';
import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';

type About = { readonly branch: string | null; readonly what: string };

/** Does work in the worktree of an instance, and once more where a lock was in the way of it that nobody holds any more. */
export const pastLeftLocks = async <T>(
  services: DaemonServices,
  instance: Instance,
  { branch, what }: About,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const { git } = services.targetOf(instance);
    if (!gitBusy.matches(error) || !(await git.unlock(instance.workspace_path, branch))) throw error;
    services.log(`removed a lock that was left behind in the way of ${what}`);
    return work();
  }
};
