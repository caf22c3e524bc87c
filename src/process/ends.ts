import { isListed, isRunning } from './is-running.ts';

/** How soon the end of a process is seen; whether one is there the system says within a microsecond. */
const LOOK_MS = 50;
/** How many quick looks come before a close one, which finds those as well whose parent has not asked after their end. */
const CLOSELY = 4;

export type Looks = { readonly quick: (pid: number) => boolean; readonly close: (pid: number) => boolean };

type Waiting = { readonly pid: number; readonly resolve: () => void };

/** Looks after processes that others have started, all of them by one timer: it tells once when one has ended. */
export const makeEndWatch = (looks: Looks = { quick: isListed, close: isRunning }) => {
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let count = 0;
  const forget = (one: Waiting): void => {
    waiting.delete(one);
    if (waiting.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const look = (): void => {
    count += 1;
    const runs = count % CLOSELY === 0 ? looks.close : looks.quick;
    for (const one of waiting) {
      if (runs(one.pid)) continue;
      forget(one);
      one.resolve();
    }
  };
  /** Resolves when the process does not run any more; rejects with the reason of the signal. */
  return (pid: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        forget(one);
        reject(signal.reason);
      };
      const one: Waiting = {
        pid,
        resolve: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.add(one);
      timer ??= setInterval(look, LOOK_MS).unref();
    });
};
