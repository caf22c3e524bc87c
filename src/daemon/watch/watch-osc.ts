import { makeOscReader, type OscState } from '../../agents/osc.ts';
import { messageOf } from '../../lib/errors.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { type DaemonServices, logFolderOf, reachableInstances } from '../services.ts';

/** Programs draw in several writes: how long after one of them a screen is worth a look, in milliseconds. */
const DRAWN_MS = 60;

/** How much of a log is read again after a restart, in bytes, to know what its program told last. */
const TAIL_BYTES = 64 * 1024;

export type OscWatch = {
  /** Since when a program tells its terminal that it rests, in milliseconds since 1970; undefined when it does not. */
  readonly restsSince: (instance: string) => number | undefined;
};

type Listener = {
  /** A program told its terminal that it works now, which nothing else tells sooner. */
  readonly works: (instance: string) => Promise<void>;
  /** A program told something else than before, and its screen has had the time to show that. */
  readonly drawn: () => void;
};

/** Whether it is news that a program works: hooks tell that a turn begins, but not always that a question was answered. */
const isNews = (services: DaemonServices, id: string): boolean => {
  const instance = services.store.state.instances[id];
  if (!instance || !services.adapterFor(instance.agent).hooks) return instance !== undefined;
  return instance.state.kind === 'waiting' && instance.state.source === 'hook';
};

/**
 * Follows what programs tell their terminals of themselves, in the logs of their panes: without a process, and without a
 * look at the clock. An agent is followed while it lives, if its adapter understands such words.
 */
export const watchOsc = (services: DaemonServices, { works, drawn }: Listener): OscWatch => {
  const known = new Map<string, { readonly says: OscState; readonly since: number }>();
  const following = new Map<string, AbortController>();
  let timer: NodeJS.Timeout | undefined;
  const ring = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      drawn();
    }, DRAWN_MS).unref();
  };

  const note = (id: string, says: OscState): void => {
    const before = known.get(id)?.says;
    if (before === says) return;
    known.set(id, { says, since: Date.parse(services.now()) });
    // What a program said before it was listened to is no news.
    if (before !== undefined && says === 'working' && isNews(services, id))
      works(id).catch((error: unknown) => services.log(`that ${id} works was not recorded: ${messageOf(error)}`));
    ring();
  };
  const follow = async (instance: Instance, signal: AbortSignal): Promise<void> => {
    const { instance_id: id, agent } = instance;
    const { logs, paths } = services.targetOf(instance);
    const read = makeOscReader();
    const decoder = new TextDecoder();
    for await (const piece of logs.tail(logFolderOf(paths, id), TAIL_BYTES, signal)) {
      const { readOsc } = services.adapterFor(agent);
      // Of a piece the last word counts: those before it were over before they were read.
      const says = read(decoder.decode(piece, { stream: true })).flatMap((osc) => readOsc?.(osc) ?? []);
      if (signal.aborted) return;
      if (says.length > 0) note(id, says.at(-1)!);
      // A program that rests said so before it drew it.
      else if (known.get(id)?.says === 'rests' && services.store.state.instances[id]?.state.kind === 'working') ring();
    }
  };
  const look = (state: State): void => {
    const wanted = reachableInstances(services, state).filter(
      ({ agent, pane, state: { kind } }) =>
        pane !== null && isAlive(kind) && services.adapterFor(agent).readOsc !== undefined,
    );
    const ids = new Set(wanted.map((one) => one.instance_id));
    for (const [id, stop] of following) {
      if (ids.has(id)) continue;
      stop.abort();
      following.delete(id);
      known.delete(id);
    }
    for (const instance of wanted) {
      const { instance_id: id } = instance;
      if (following.has(id)) continue;
      const stop = new AbortController();
      following.set(id, stop);
      follow(instance, stop.signal).catch((error: unknown) =>
        services.log(`what ${id} tells its terminal could not be read: ${messageOf(error)}`),
      );
    }
  };

  look(services.store.state);
  const leave = services.store.subscribe((_events, state) => look(state));
  services.signal.addEventListener(
    'abort',
    () => {
      leave();
      clearTimeout(timer);
      for (const stop of following.values()) stop.abort();
    },
    { once: true },
  );
  return {
    restsSince: (id) => {
      const last = known.get(id);
      return last?.says === 'rests' ? last.since : undefined;
    },
  };
};
