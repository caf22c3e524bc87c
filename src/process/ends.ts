import { isListed, isRunning } from './is-running.ts';

/** How soon the end of a process is seen where few are looked after; whether one is there the system says within a microsecond. */
const LOOK_MS = 50;
/** So many processes are looked at in that time: the more there are, the further apart are the looks at all of them. */
const QUICK = 10;
/** So many of them closely, which finds those as well whose parent has not asked after their end. */
const CLOSE = 2;
/** However many there are, each is looked at closely within this time. */
const LONGEST_MS = 1000;

export type Looks = { readonly quick: (pid: number) => boolean; readonly close: (pid: number) => boolean };

type Waiting = { readonly pid: number; readonly resolve: () => void };

/** How far apart the looks at so many processes are: one look at all of them wakes this program less often than many at some. */
const pauseFor = (count: number): number => Math.min(LOOK_MS * Math.ceil(count / QUICK), LONGEST_MS);

/** Looks after processes that others have started, all of them by one timer: it tells once when one has ended. */
export const makeEndWatch = (looks: Looks = { quick: isListed, close: isRunning }) => {
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let closely: Waiting[] = [];
  const forget = (one: Waiting): void => {
    waiting.delete(one);
    if (waiting.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  };
  const look = (): void => {
    const ms = pauseFor(waiting.size);
    if (closely.length === 0) closely = [...waiting];
    const most = Math.max((CLOSE * ms) / LOOK_MS, Math.ceil(waiting.size / Math.floor(LONGEST_MS / ms)));
    const close = new Set(closely.splice(0, most));
    for (const one of [...waiting]) {
      if ((close.has(one) ? looks.close : looks.quick)(one.pid)) continue;
      forget(one);
      one.resolve();
    }
    timer = waiting.size > 0 ? setTimeout(look, pauseFor(waiting.size)).unref() : undefined;
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
      timer ??= setTimeout(look, LOOK_MS).unref();
    });
};
