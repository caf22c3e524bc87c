import type { State } from '../../state/index.ts';
import { groupedTasks } from './scene.ts';

/** How the swarm was at a moment, as far as it is drawn as a curve. */
export type Sample = {
  readonly at: number;
  readonly working: number;
  readonly waiting: number;
  readonly done: number;
};

const EVERY_MS = 2000;
/** An hour, which is more than any screen is wide. */
const KEPT = 1800;

const sampleOf = (state: State, at: number): Sample => {
  const states = Object.values(state.instances).map((instance) => instance.state.kind);
  const count = (...kinds: readonly string[]): number => states.filter((kind) => kinds.includes(kind)).length;
  return {
    at,
    working: count('working', 'verifying'),
    waiting: count('waiting', 'stuck', 'failed', 'lost'),
    done: groupedTasks(state).done.length,
  };
};

/** Looks at the swarm every two seconds while the view is open; what was before nobody has counted. */
export const makeSampler = (now: () => number) => {
  let samples: readonly Sample[] = [];
  return {
    get samples(): readonly Sample[] {
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
