import { isListed, isRunning } from '../../process/is-running.ts';
import { isAlive } from '../../state/moves.ts';
import type { DaemonServices } from '../services.ts';

/** How soon the end of a program is seen, in milliseconds; whether one is there the system says within a microsecond. */
const LOOK_MS = 50;
/** How many quick looks come before a close one, which finds those as well whose end tmux has not asked after. */
const CLOSELY = 4;

type Looks = { readonly quick: (pid: number) => boolean; readonly close: (pid: number) => boolean };

/** Calls `onEnd` when a program of an instance has ended, once for each: how it ended tmux tells. */
export const watchEnds = (
  services: Pick<DaemonServices, 'store' | 'signal'>,
  onEnd: () => void,
  looks: Looks = { quick: isListed, close: isRunning },
): void => {
  let there = new Set<number>();
  let ended = new Set<number>();
  let count = 0;
  const timer = setInterval(() => {
    const pids = Object.values(services.store.state.instances).flatMap(({ pid, state }) =>
      pid !== null && isAlive(state.kind) ? [pid] : [],
    );
    count += 1;
    const runs = count % CLOSELY === 0 ? looks.close : looks.quick;
    const now = new Set(pids.filter((pid) => !ended.has(pid) && runs(pid)));
    const news = pids.filter((pid) => there.has(pid) && !now.has(pid));
    // A quick look would find a program again that a close one has seen ended.
    ended = new Set([...pids.filter((pid) => ended.has(pid)), ...news]);
    there = now;
    if (news.length > 0) onEnd();
  }, LOOK_MS);
  timer.unref();
  services.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
};
