import { isRunning } from '../process/is-running.ts';
import { isAlive } from '../state/moves.ts';
import type { World } from './world.ts';

/** How soon the end of a program is seen; asking the system whether one runs takes a microsecond and starts nothing. */
const LOOK_MS = 100;

/** Calls `onEnd` when a program of an instance has ended, once for each: how it ended tmux tells. */
export const watchEnds = (
  world: Pick<World, 'store' | 'signal'>,
  onEnd: () => void,
  isThere: (pid: number) => boolean = isRunning,
): void => {
  let there = new Set<number>();
  const timer = setInterval(() => {
    const pids = Object.values(world.store.state.instances).flatMap(({ pid, state }) =>
      pid !== null && isAlive(state.kind) ? [pid] : [],
    );
    const now = new Set(pids.filter(isThere));
    if (pids.some((pid) => there.has(pid) && !now.has(pid))) onEnd();
    there = now;
  }, LOOK_MS);
  timer.unref();
  world.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
};
