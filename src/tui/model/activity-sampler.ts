import type { State } from '../../state/index.ts';
import { groupTasks } from './task-groups.ts';

/** How the swarm was at a moment, as far as it is drawn as a curve. */
export type ActivitySample = {
  readonly at: number;
  readonly working: number;
  readonly waiting: number;
  readonly done: number;
};

const EVERY_MS = 2000;
/** An hour, which is more than any screen is wide. */
const KEPT = 1800;

const sampleOf = (state: State, at: number): ActivitySample => {
  const states = Object.values(state.instances).map((instance) => instance.state.kind);
  const count = (...kinds: readonly string[]): number => states.filter((kind) => kinds.includes(kind)).length;
  return {
    at,
    working: count('working', 'verifying'),
    waiting: count('waiting', 'stuck', 'failed', 'lost'),
    done: groupTasks(state).done.length,
  };
};

/** Looks at the swarm every two seconds while the view is open; what was before nobody has counted. */
export const makeActivitySampler = (now: () => number) => {
  let samples: readonly ActivitySample[] = [];
  return {
    get samples(): readonly ActivitySample[] {
      return samples;
    },
    take: (state: State): void => {
      const at = now();
      const last = samples.at(-1);
      if (last && at - last.at < EVERY_MS) return;
      samples = [...samples.slice(1 - KEPT), sampleOf(state, at)];
    },
  };
};
