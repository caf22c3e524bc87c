import type { WorktreeAccess } from '../../commands/define.ts';
import { deleteLeft, leftRepositories } from '../actions/left-repositories.ts';
import { finishRemoval, removeWorktree } from '../actions/remove-worktree.ts';
import { type Home, setUp } from '../actions/set-up.ts';
import { syncWorktree } from '../actions/sync-worktree.ts';
import { deleteTrashed, restoreTrashed, trashed, trashTime } from '../actions/trash.ts';
import { integrationPorts, portsOf } from '../actions/worktree-ports.ts';
import type { DaemonServices } from '../services.ts';
import { lostRefs, restoreLost } from '../watch/lost-refs.ts';

const homeOfFolder = (services: DaemonServices, { name, path }: { name: string; path: string }): Home => {
  const { instances } = services.store.state;
  const instance = Object.hasOwn(instances, name) ? instances[name] : undefined;
  const ports = instance ? portsOf(instance) : name === 'integration' ? integrationPorts(services) : null;
  return { target: instance ? services.targetOf(instance) : services.home, name, path, ports };
};

/** How much of the disk a folder takes, in bytes; null where that cannot be told. */
const sizeOf = async ({ target, path }: Pick<Home, 'target' | 'path'>): Promise<number | null> => {
  const { processes, env } = target;
  const { code, stdout } = await processes.run({ file: 'du', args: ['-sk', '--', path], env, timeoutMs: 60_000 });
  const kilobytes = /^\d+/u.exec(stdout)?.[0];
  return code === 0 && kilobytes !== undefined ? Number(kilobytes) * 1024 : null;
};

/** What commands may have done in worktrees. */
export const worktreeAccess = (services: DaemonServices): WorktreeAccess => ({
  setUp: (worktree, how) => setUp(services, homeOfFolder(services, worktree), how),
  livingIn: (worktree) => homeOfFolder(services, worktree).target.processes.livingIn(worktree.path),
  sizeOf: (worktree) => sizeOf(homeOfFolder(services, worktree)),
  removeWorktree: (worktree, how) => removeWorktree(services, homeOfFolder(services, worktree), how),
  finishRemoval: (worktree) => finishRemoval(services, homeOfFolder(services, worktree)),
  trash: {
    time: () => trashTime(services),
    list: () => trashed(services),
    restore: (one) => restoreTrashed(services, one),
    delete: (one) => deleteTrashed(services, one),
  },
  leftRepositories: {
    list: () => leftRepositories(services),
    sizeOf: ({ path, host }) => sizeOf({ target: services.targetOf({ host }), path }),
    delete: (one) => deleteLeft(services, one),
  },
  lostRefs: {
    list: () => lostRefs(services),
    restore: (one) => restoreLost(services, one),
  },
  syncWorktree: (request) => syncWorktree(services, request),
  atIntegration: services.atIntegration,
});
