import { isEnding } from '../../state/moves.ts';
import type { DaemonServices } from '../services.ts';
import { makeTurnsByKey } from '../turns.ts';

/**
 * The turns of an instance, by its id: what makes or ends its session or its worktree goes one after the other. Side by side a
 * start brings to life what a stop has just ended, where nobody looks for it any more.
 */
export const turnsOfInstances = makeTurnsByKey();

/** Whether an instance is being ended, has ended, or is not recorded any more. */
export const isOver = ({ store }: Pick<DaemonServices, 'store'>, id: string): boolean =>
  isEnding(store.state.instances[id]?.state.kind);

/** Does something with a signal that aborts as soon as an instance is to end, or the daemon does. */
export const unlessOver = async <T>(
  services: Pick<DaemonServices, 'store' | 'signal'>,
  id: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> => {
  const over = new AbortController();
  const look = (): void => (isOver(services, id) ? over.abort() : undefined);
  const unsubscribe = services.store.subscribe(look);
  try {
    look();
    if (over.signal.aborted) return undefined;
    return await work(AbortSignal.any([services.signal, over.signal]));
  } catch (error) {
    // What was given up has not failed.
    if (over.signal.aborted && !services.signal.aborted) return undefined;
    throw error;
  } finally {
    unsubscribe();
  }
};
