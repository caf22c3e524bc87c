import { expect, test } from 'vitest';
import { type Cut, cutsOf } from '../../bench/chaos/cuts/plan.ts';

const firstCuts = (seed: number, count: number): readonly Cut[] => {
  const cuts = cutsOf(seed);
  return Array.from({ length: count }, () => cuts.next().value as Cut);
};

test('[QUA-6] the power cuts of a seed are the same each time, those of another seed are others', () => {
  expect(firstCuts(1, 100)).toEqual(firstCuts(1, 100));
  expect(firstCuts(2, 100)).not.toEqual(firstCuts(1, 100));
  expect(new Set(firstCuts(1, 100).map(({ moment }) => moment))).toEqual(new Set(['start', 'work']));
});
