import { gitBusy } from '../../git/errors.ts';
import type { Git } from '../../ports/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';

type About = { readonly branch: string | null; readonly what: string };
type Place = About & { readonly git: Pick<Git, 'unlock'>; readonly path: string };

/** Does work in a worktree, and once more where a lock was in the way of it that nobody holds any more. */
export const pastLocksAt = async <T>(
  { log }: Pick<DaemonServices, 'log'>,
  { git, path, branch, what }: Place,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!gitBusy.matches(error) || !(await git.unlock(path, branch))) throw error;
    log(`removed a lock that was left behind in the way of ${what}`);
    return work();
  }
};

/** The same in the worktree of an instance. */
export const pastLeftLocks = <T>(
  services: DaemonServices,
  instance: Instance,
  about: About,
  work: () => Promise<T>,
): Promise<T> => {
  const { git } = services.targetOf(instance);
  return pastLocksAt(services, { ...about, git, path: instance.workspace_path }, work);
};
