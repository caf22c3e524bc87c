import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from '../../state/moves.ts';
import { type DaemonServices, logFolderOf } from '../services.ts';

/** How exact `--since` is while the daemon runs, in milliseconds. */
const EVERY_MS = 5000;
/** Notes for each log that has grown how far it is at this time. */
export const noteTimes = async (services: DaemonServices, now: number): Promise<void> => {
  for (const instance of Object.values(services.store.state.instances)) {
    if (!isAlive(instance.state.kind)) continue;
    const { logs, paths } = services.targetOf(instance);
    await logs.noteTime(logFolderOf(paths, instance.instance_id), now);
  }
};

/** Notes them every few seconds until everything ends. */
export const watchLogTimes = async (services: DaemonServices): Promise<void> => {
  while (!services.signal.aborted) {
    // A disk that is full makes `--since` less exact, and nothing else.
    await noteTimes(services, Date.parse(services.now())).catch((error: unknown) =>
      services.log(`times of logs: ${error}`),
    );
    await pause(EVERY_MS, undefined, { signal: services.signal, ref: false }).catch(() => undefined);
  }
};
