import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import { type DaemonServices, logFolderOf, reachableInstances } from '../services.ts';
import { dropLeftLogs } from './left-logs.ts';

/** How exact `--since` is while the daemon runs, in milliseconds. */
const EVERY_MS = 5000;

/** How often logs that are left over are looked for, in milliseconds. */
const DROP_EVERY_MS = 600_000;

/** What an agent that is over has printed last may be noted so long after that, in milliseconds. */
const LAST_WORDS_MS = 3 * EVERY_MS;

const isToNote = ({ state }: Instance, now: number): boolean =>
  isAlive(state.kind) || now - Date.parse(state.since) < LAST_WORDS_MS;

/** Notes for each log that has grown how far it is at this time. */
export const noteTimes = async (services: DaemonServices, now: number): Promise<void> => {
  for (const instance of reachableInstances(services, services.store.state)) {
    if (!isToNote(instance, now)) continue;
    const { logs, paths } = services.targetOf(instance);
    await logs.noteTime(logFolderOf(paths, instance.instance_id), now);
  }
};

/** Notes the times of all logs every few seconds, and lets go of old ones that are left over. A disk that is full makes `--since` less exact, and nothing else. */
export const watchLogTimes = (services: DaemonServices): Service => {
  const { log, now, signal } = services;
  const capabilities = ['know when something was printed', 'let go of old logs of instances that are no more'];
  let droppedAt = Number.NEGATIVE_INFINITY;
  return repeatRounds(
    { name: 'log-times', capabilities, complaint: 'times of logs', everyMs: EVERY_MS, log, signal },
    async () => {
      await noteTimes(services, Date.parse(now()));
      if (performance.now() - droppedAt < DROP_EVERY_MS) return;
      droppedAt = performance.now();
      await dropLeftLogs(services);
    },
  );
};
