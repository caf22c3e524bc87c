import { isListed, isRunning } from './is-running.ts';

/** How soon the end of a process is seen where few are looked after; whether one is there the system says within a microsecond. */
const LOOK_MS = 50;
/** So many processes are looked at in that time, those that waited longest first: of more, each less often. */
const QUICK = 10;
/** So many of them closely, which finds those as well whose parent has not asked after their end. */
const CLOSE = 2;

export type Looks = { readonly quick: (pid: number) => boolean; readonly close: (pid: number) => boolean };

type Waiting = { readonly pid: number; readonly resolve: () => void };

/** Looks after processes that others have started, all of them by one timer: it tells once when one has ended. */
export const makeEndWatch = (looks: Looks = { quick: isListed, close: isRunning }) => {
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let closely: Waiting[] = [];
  const forget = (one: Waiting): void => {
    waiting.delete(one);
    if (waiting.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const look = (): void => {
    const all = [...waiting];
    if (closely.length === 0) closely = [...all];
    const close = new Set(closely.splice(0, CLOSE));
    for (const one of new Set([...close, ...all.slice(0, QUICK)])) {
      if (!waiting.delete(one)) continue;
      // It is the last one that has its turn again.
      waiting.add(one);
      if ((close.has(one) ? looks.close : looks.quick)(one.pid)) continue;
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
