import { messageOf } from '../../lib/errors.ts';
import type { Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';

/** Knows a secret from the moment on in which it is set, so that it is taken out of what is kept and shown from then on. */
export const watchSecrets = ({ secrets, home, log, signal }: DaemonServices): Service => {
  let failure: string | null = null;
  const follow = async (): Promise<void> => {
    try {
      await home.files.makeFolder(secrets.folder);
      for await (const _news of home.files.watch(secrets.folder, signal)) await secrets.refresh();
    } catch (error) {
      if (signal.aborted) return;
      failure = messageOf(error);
      log(`the folder of secrets is followed no more: ${failure}`);
    }
  };
  return {
    name: 'secrets-watch',
    capabilities: ['follow what is set and removed'],
    health: () => ({ state: failure === null ? 'ok' : 'degraded', why: failure, indicators: {} }),
    done: follow(),
  };
};
