import { needsOf } from '../../attention/needs.ts';
import type { State } from '../../state/index.ts';
import { groupTasks } from '../../tasks/task-groups.ts';

/** The numbers of the swarm at a moment that the metrics draw as curves; `at` in milliseconds. */
export type ActivitySample = {
  readonly at: number;
  readonly working: number;
  readonly needing: number;
  readonly done: number;
};

const EVERY_MS = 2000;
/** How many samples are kept: those of an hour, more than any screen is wide. */
const KEPT = 1800;

const sampleOf = (state: State, at: number): ActivitySample => {
  const states = Object.values(state.instances).map((instance) => instance.state.kind);
  const count = (...kinds: readonly string[]): number => states.filter((kind) => kinds.includes(kind)).length;
  return {
    at,
    working: count('working', 'verifying'),
    needing: needsOf(state).needs.length,
    done: groupTasks(state).done.length,
  };
};

/** Samples the swarm every two seconds while the screen is open; nothing is known of the time before. */
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
