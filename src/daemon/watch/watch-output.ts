import { messageOf } from '../../lib/errors.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { type DaemonServices, logFolderOf, reachableInstances } from '../services.ts';

/** How long a pane has to be silent until its screen is worth a look, in milliseconds: programs draw in several writes. */
const SILENT_MS = 80;
/** How often a pane is looked at that is never silent, because something in it turns, in milliseconds. */
const BUSY_MS = 160;

/**
 * Whether a dialog may stand on the screen of an agent of which only the screen tells: the agent starts, or waits with one.
 * And that a dialog was answered in the terminal the screen tells first.
 */
const mayAsk = (services: DaemonServices, { agent, pane, state, hold }: Instance): boolean =>
  pane !== null &&
  hold === null &&
  (['starting', 'unknown'].includes(state.kind) ||
    (state.kind === 'waiting' && (state.source === 'screen' || services.adapterFor(agent).readAnswered !== undefined)));

/**
 * Rings when an instance whose screen may hold a dialog has printed something and fallen silent. Its log is watched without
 * any process; agents that work or rest are left alone, because their hooks tell.
 */
export const watchOutput = (services: DaemonServices, ring: () => void): void => {
  const listening = new Map<string, AbortController>();
  let timer: NodeJS.Timeout | undefined;
  let first: number | undefined;
  const silent = (): void => {
    first = undefined;
    ring();
  };
  const printed = (): void => {
    first ??= performance.now();
    clearTimeout(timer);
    timer = setTimeout(silent, Math.min(SILENT_MS, Math.max(0, first + BUSY_MS - performance.now()))).unref();
  };
  const listen = async (instance: Instance): Promise<void> => {
    const { instance_id: id } = instance;
    const { files, paths } = services.targetOf(instance);
    const stop = new AbortController();
    listening.set(id, stop);
    try {
      for await (const news of files.watch(logFolderOf(paths, id), stop.signal)) if (news === 'changed') printed();
    } catch (error) {
      services.log(`what ${id} prints cannot be watched: ${messageOf(error)}`);
    }
    // It is tried again when something changes: its folder may not be there yet.
    if (listening.get(id) === stop) listening.delete(id);
  };
  const follow = (state: State): void => {
    const wanted = reachableInstances(services, state).filter((one) => mayAsk(services, one));
    const ids = new Set(wanted.map((one) => one.instance_id));
    for (const [id, stop] of listening) {
      if (ids.has(id)) continue;
      stop.abort();
      listening.delete(id);
    }
    for (const instance of wanted) if (!listening.has(instance.instance_id)) void listen(instance);
  };
  follow(services.store.state);
  const leave = services.store.subscribe((_events, state) => follow(state));
  services.signal.addEventListener(
    'abort',
    () => {
      leave();
      clearTimeout(timer);
      for (const stop of listening.values()) stop.abort();
    },
    { once: true },
  );
};
