import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { type DaemonServices, reachableInstances } from '../services.ts';

type Watched = { readonly pid: number; readonly stop: AbortController; isOver: boolean };

export type EndWatch = {
  /** Whether the program of an instance has ended as far as is known here, or nobody looks after it. */
  readonly mayHaveEnded: (instance: Instance) => boolean;
};

/** Calls `onEnd` when a program of an instance has ended, once for each: how it ended tmux tells. */
export const watchEnds = (services: DaemonServices, onEnd: () => void): EndWatch => {
  const watched = new Map<string, Watched>();
  const watchOne = async (instance: Instance, pid: number): Promise<void> => {
    const one: Watched = { pid, stop: new AbortController(), isOver: false };
    watched.set(instance.instance_id, one);
    try {
      await services.targetOf(instance).processes.ended(pid, one.stop.signal);
      one.isOver = true;
      onEnd();
    } catch {
      // Nobody wants to know any more, or its machine cannot be asked, which the look at its panes tells.
      one.isOver = true;
    }
  };
  const forget = (id: string, { stop }: Watched): void => {
    stop.abort();
    watched.delete(id);
  };
  let known: State['instances'] | undefined;
  const follow = (state: State): void => {
    const { instances } = state;
    if (instances === known) return;
    known = instances;
    for (const [id, one] of watched) {
      const now = instances[id];
      if (now?.pid !== one.pid || !isAlive(now.state.kind)) forget(id, one);
    }
    for (const instance of reachableInstances(services, state)) {
      const { instance_id: id, pid } = instance;
      if (pid !== null && isAlive(instance.state.kind) && !watched.has(id)) void watchOne(instance, pid);
    }
  };
  follow(services.store.state);
  const leave = services.store.subscribe((_events, state) => follow(state));
  const end = (): void => {
    leave();
    for (const [id, one] of watched) forget(id, one);
  };
  services.signal.addEventListener('abort', end, { once: true });
  return {
    mayHaveEnded: ({ instance_id: id, pid }) => {
      const one = watched.get(id);
      return one?.pid !== pid || one.isOver;
    },
  };
};
