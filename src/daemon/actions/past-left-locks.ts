import { gitBusy } from '../../git/errors.ts';
import type { Git } from '../../ports/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';

type About = { readonly branch: string | null; readonly what: string };
type Place = About & {
  readonly git: Pick<Git, 'unlock'>;
  readonly path: string;
  /** The branch that is worked on there, where it was made for that: work is saved on it. */
  readonly own?: string;
};

/** Does work in a worktree, and once more where a lock was in the way of it that nobody holds any more. */
export const pastLocksAt = async <T>(
  { log }: Pick<DaemonServices, 'log'>,
  { git, path, branch, own, what }: Place,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!gitBusy.matches(error)) throw error;
    const removed = [await git.unlock(path, branch), own !== undefined && (await git.unlock(path, own, true))];
    if (!removed.includes(true)) throw error;
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
  const { workspace_path: path, branch_name: own } = instance;
  return pastLocksAt(services, { ...about, git, path, own }, work);
};
