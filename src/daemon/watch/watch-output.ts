import type { FSWatcher } from 'node:fs';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';
import { watchFolder } from './watch-folder.ts';

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
  const watchers = new Map<string, FSWatcher>();
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
  const follow = ({ instances }: State): void => {
    const wanted = new Set(Object.values(instances).flatMap((one) => (mayAsk(services, one) ? [one.instance_id] : [])));
    for (const [id, watcher] of watchers) if (!wanted.has(id)) watcher.close();
    for (const id of wanted) {
      if (watchers.has(id)) continue;
      const watcher = watchFolder(`${services.paths.logs}/${id}`, printed);
      if (watcher)
        watchers.set(
          id,
          watcher.once('close', () => watchers.delete(id)),
        );
    }
  };
  follow(services.store.state);
  const leave = services.store.subscribe((_events, state) => follow(state));
  services.signal.addEventListener(
    'abort',
    () => {
      leave();
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
    { once: true },
  );
};
