import { expect, test } from 'vitest';
import { lookAt, sinceYouLooked } from '../../../src/tui/model/since.ts';
import { created, moved, NOW, START, started, stateOf, task } from '../fake-swarm.ts';

const BEFORE = { at: '2025-12-31T23:00:00.000Z', usd: 0 };
const swarm = stateOf([
  created(1),
  moved('rehearsal-1', 'waiting', 'Which?'),
  task('t1', 'One'),
  task('t3', 'Three'),
  ...started('t1', 'rehearsal-1'),
  {
    type: 'run.verified',
    data: {
      id: 't1',
      result: { head_commit: 'b', commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 0, check_output: '' },
    },
  },
  ...started('t3', 'rehearsal-1'),
  { type: 'run.failed', data: { id: 't3', failure: { class: 'check', message: 'x' } } },
]);

test('whoever comes back reads in one line what changed', () => {
  expect(sinceYouLooked(swarm, BEFORE, NOW)).toBe(
    'since you looked 1h 1m ago: ✔ 1 done (1 unchecked), ✖ t3 failed, ? 1 question',
  );
});

test('what is blocked is not called failed', () => {
  const blocked = { type: 'task.blocked', data: { id: 't4', reason: 'nobody has what it needs' } } as const;
  const failed = { type: 'run.failed', data: { id: 't3', failure: { class: 'check', message: 'x' } } } as const;
  const of = (...events: Parameters<typeof stateOf>[0]) =>
    sinceYouLooked(
      stateOf([created(1), task('t3', 'Three'), task('t4', 'Four'), ...started('t3', 'rehearsal-1'), ...events]),
      BEFORE,
      NOW,
    );
  expect(of(blocked)).toBe('since you looked 1h 1m ago: ‖ t4 blocked');
  expect(of(failed, blocked)).toBe('since you looked 1h 1m ago: ✖ t3 failed, ‖ t4 blocked');
});

test('nothing is said where nothing changed, of a moment, and of a time that is none', () => {
  expect(sinceYouLooked(swarm, { at: START, usd: 0 }, NOW)).toBeNull();
  expect(sinceYouLooked(swarm, { ...BEFORE, at: new Date(NOW - 5000).toISOString() }, NOW)).toBeNull();
  expect(sinceYouLooked(swarm, { ...BEFORE, at: 'yesterday' }, NOW)).toBeNull();
  expect(lookAt(swarm, NOW)).toEqual({ at: new Date(NOW).toISOString(), usd: 0 });
});
