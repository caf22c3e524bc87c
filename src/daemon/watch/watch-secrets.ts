import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../lib/errors.ts';
import type { Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';

/** The pause between two looks at a folder that cannot be watched, in milliseconds. */
const POLL_MS = 1000;

/** Knows a secret from the moment on in which it is set, so that it is taken out of what is kept and shown from then on. */
export const watchSecrets = ({ secrets, home, log, signal }: DaemonServices): Service => {
  let failure: string | null = null;
  const note = (why: string): void => {
    if (why !== failure) log(why);
    failure = why;
  };
  const lookOn = async (): Promise<void> => {
    await home.files.makeFolder(secrets.folder);
    // It rings at the beginning too: what was set before it was watched is not missed.
    for await (const _news of home.files.watch(secrets.folder, signal)) {
      await secrets.refresh();
      failure = null;
    }
    if (signal.aborted) return;
    note(`${secrets.folder} cannot be watched: it is read once a second`);
    await secrets.refresh();
  };
  const follow = async (): Promise<void> => {
    while (!signal.aborted) {
      await lookOn().catch((error: unknown) => {
        if (!signal.aborted) note(`the folder of secrets cannot be read: ${messageOf(error)}`);
      });
      await pause(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  return {
    name: 'secrets-watch',
    capabilities: ['follow what is set and removed'],
    health: () => ({ state: failure === null ? 'ok' : 'degraded', why: failure, indicators: {} }),
    done: follow(),
  };
};
