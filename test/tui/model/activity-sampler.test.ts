import { expect, test } from 'vitest';
import { makeActivitySampler } from '../../../src/tui/model/activity-sampler.ts';
import { created, moved, stateOf } from '../fake-swarm.ts';

test('the swarm is sampled every two seconds: who works, what needs a person, and what is done', () => {
  let now = 1000;
  const sampler = makeActivitySampler(() => now);
  const state = stateOf([
    ...[1, 2, 3, 4].map((n) => created(n)),
    moved('rehearsal-1', 'working'),
    moved('rehearsal-2', 'verifying'),
    moved('rehearsal-3', 'stuck'),
    moved('rehearsal-4', 'idle'),
  ]);
  for (const at of [1000, 2999, 3000]) {
    now = at;
    sampler.take(state);
  }
  const counts = { working: 2, needing: 1, done: 0 };
  expect(sampler.samples).toEqual([
    { at: 1000, ...counts },
    { at: 3000, ...counts },
  ]);
});

test('the samples of an hour are kept', () => {
  let now = 0;
  const sampler = makeActivitySampler(() => now);
  for (; now <= 3_600_000; now += 2000) sampler.take(stateOf([]));
  expect([sampler.samples.length, sampler.samples[0]?.at]).toEqual([1800, 2000]);
});
