import type { State } from '../../../src/state/index.ts';
import { totalTokens } from '../../../src/state/usage.ts';
import type { PastPoint } from '../../../src/web/wire.ts';
import type { Point } from '../parts/line-chart.tsx';

const EVERY_MS = 5000;
/** Four hours. */
const KEPT = 2880;

/** How things are now. */
export const sampleOf = ({ instances, usage }: State, at: number): PastPoint => {
  const waiting = Object.values(instances).filter(({ state }) => state.kind === 'waiting').length;
  return { at, waiting, usd: usage.swarm.usd, tokens: totalTokens(usage.swarm) };
};

/** Adds how things are now, unless that was just done. */
export const withSample = (samples: readonly PastPoint[], state: State, at: number): readonly PastPoint[] => {
  const last = samples.at(-1);
  if (last && at - last.at < EVERY_MS) return samples;
  return [...samples.slice(1 - KEPT), sampleOf(state, at)];
};

/** What the journal tells of before, what was seen since, and how it is now. */
export const joined = (
  past: readonly PastPoint[],
  samples: readonly PastPoint[],
  now: PastPoint,
): readonly PastPoint[] => {
  const seen = [...samples, now];
  return [...past.filter(({ at }) => at < seen[0]!.at), ...seen];
};

/** The curve of one of the numbers from a moment on: each holds until there is another. */
export const sampleCurve = (
  samples: readonly PastPoint[],
  of: (sample: PastPoint) => number,
  from = Number.NEGATIVE_INFINITY,
): readonly Point[] => {
  const before = samples.findLast(({ at }) => at < from);
  const shown = [...(before ? [{ ...before, at: from }] : []), ...samples.filter(({ at }) => at >= from)];
  return shown.flatMap((sample, i) => {
    const last = shown[i - 1];
    const point = { x: sample.at, y: of(sample) };
    return last && of(last) !== point.y ? [{ x: sample.at, y: of(last) }, point] : [point];
  });
};
