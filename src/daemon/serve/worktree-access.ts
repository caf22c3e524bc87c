import type { WorktreeAccess } from '../../commands/define.ts';
import { type Home, setUp, tearDown } from '../actions/set-up.ts';
import { integrationPorts, portsOf } from '../actions/worktree-ports.ts';
import type { DaemonServices } from '../services.ts';

const homeOfFolder = (services: DaemonServices, { name, path }: { name: string; path: string }): Home => {
  const { instances } = services.store.state;
  const instance = Object.hasOwn(instances, name) ? instances[name] : undefined;
  const ports = instance ? portsOf(instance) : name === 'integration' ? integrationPorts(services) : null;
  return { target: instance ? services.targetOf(instance) : services.home, name, path, ports };
};

/** What commands may have done in worktrees. */
export const worktreeAccess = (services: DaemonServices): WorktreeAccess => ({
  setUp: (worktree) => setUp(services, homeOfFolder(services, worktree)),
  livingIn: (worktree) => homeOfFolder(services, worktree).target.processes.livingIn(worktree.path),
  tearDown: (worktree) => tearDown(services, homeOfFolder(services, worktree)),
});
