import { makeKeyedMutex } from '../lib/mutex.ts';
import type { DaemonServices } from './services.ts';

type KeyedMutex = ReturnType<typeof makeKeyedMutex>;

/** Makes a function that gives the turns of a daemon: what has the same key goes one after the other. */
export const makeTurnsByKey = (): ((services: DaemonServices) => KeyedMutex) => {
  const all = new WeakMap<DaemonServices, KeyedMutex>();
  return (services) => {
    const mine = all.get(services) ?? makeKeyedMutex();
    all.set(services, mine);
    return mine;
  };
};

/** The turns in the worktrees of instances, by the instance: for what checks another branch out there. */
export const turnsOfWorktrees = makeTurnsByKey();
