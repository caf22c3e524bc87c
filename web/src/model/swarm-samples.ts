import { needsOf } from '../../../src/attention/needs.ts';
import type { State } from '../../../src/state/index.ts';
import { totalTokens } from '../../../src/state/usage.ts';
import type { Point } from '../parts/line-chart.tsx';

/** What the state tells of now alone, at a moment in milliseconds since 1970. */
export type SwarmSample = {
  readonly at: number;
  readonly needing: number;
  readonly usd: number;
  readonly tokens: number;
};

const EVERY_MS = 5000;
/** Four hours. */
const KEPT = 2880;

/** Adds how things are now, unless that was just done. */
export const withSample = (samples: readonly SwarmSample[], state: State, at: number): readonly SwarmSample[] => {
  const last = samples.at(-1);
  if (last && at - last.at < EVERY_MS) return samples;
  const { usd } = state.usage.swarm;
  const sample = { at, needing: needsOf(state).needs.length, usd, tokens: totalTokens(state.usage.swarm) };
  return [...samples.slice(1 - KEPT), sample];
};

/** The curve of one of the numbers: each holds until there is another. */
export const sampleCurve = (samples: readonly SwarmSample[], of: (sample: SwarmSample) => number): readonly Point[] =>
  samples.flatMap((sample, i) => {
    const before = samples[i - 1];
    const point = { x: sample.at, y: of(sample) };
    return before && of(before) !== point.y ? [{ x: sample.at, y: of(before) }, point] : [point];
  });
