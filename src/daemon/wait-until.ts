import type { State } from '../state/index.ts';
import type { DaemonServices } from './services.ts';

/** Waits until the state is as wanted, so many milliseconds at most; whether it is. Rejects when the daemon ends meanwhile. */
export const waitUntil = async (
  { store, signal }: Pick<DaemonServices, 'store' | 'signal'>,
  isAsWanted: (state: State) => boolean,
  ms: number,
): Promise<boolean> => {
  const patience = AbortSignal.timeout(ms);
  await store.until(isAsWanted, AbortSignal.any([signal, patience])).catch((error: unknown) => {
    if (!patience.aborted) throw error;
  });
  return isAsWanted(store.state);
};
