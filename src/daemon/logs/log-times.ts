import { setTimeout as pause } from 'node:timers/promises';
import { boundMarks, endOfLog, markLog } from '../../logs/times.ts';
import { isAlive } from '../../state/moves.ts';
import type { DaemonServices } from '../services.ts';

/** How exact `--since` is while the daemon runs, in milliseconds. */
const EVERY_MS = 5000;
/** A log is looked over for marks that are too many once in so many. */
const BOUND_EVERY = 1000;

type Marked = { readonly place: string; readonly count: number };

/** Notes for each log that has grown how far it is at this time. */
export const makeMarker = ({ paths, store }: Pick<DaemonServices, 'paths' | 'store'>) => {
  const marked = new Map<string, Marked>();
  return async (now: number): Promise<void> => {
    for (const { instance_id: id, state } of Object.values(store.state.instances)) {
      if (!isAlive(state.kind)) continue;
      const dir = `${paths.logs}/${id}`;
      const end = await endOfLog(dir);
      const before = marked.get(id);
      if (!end || before?.place === `${end.segment} ${end.offset}`) continue;
      await markLog(dir, now, end);
      const count = (before?.count ?? 0) + 1;
      if (count % BOUND_EVERY === 1) await boundMarks(dir);
      marked.set(id, { place: `${end.segment} ${end.offset}`, count });
    }
  };
};

/** Does so every few seconds until everything ends. */
export const watchLogTimes = async (services: DaemonServices): Promise<void> => {
  const mark = makeMarker(services);
  while (!services.signal.aborted) {
    // A disk that is full makes `--since` less exact, and nothing else.
    await mark(Date.parse(services.now())).catch((error: unknown) => services.log(`times of logs: ${error}`));
    await pause(EVERY_MS, undefined, { signal: services.signal, ref: false }).catch(() => undefined);
  }
};
