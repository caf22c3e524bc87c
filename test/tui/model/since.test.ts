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

test('nothing is said where nothing changed, of a moment, and of a time that is none', () => {
  expect(sinceYouLooked(swarm, { at: START, usd: 0 }, NOW)).toBeNull();
  expect(sinceYouLooked(swarm, { ...BEFORE, at: new Date(NOW - 5000).toISOString() }, NOW)).toBeNull();
  expect(sinceYouLooked(swarm, { ...BEFORE, at: 'yesterday' }, NOW)).toBeNull();
  expect(lookAt(swarm, NOW)).toEqual({ at: new Date(NOW).toISOString(), usd: 0 });
});
