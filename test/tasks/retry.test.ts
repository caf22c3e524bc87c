import { expect, test } from 'vitest';
import { FAILURE_CLASSES } from '../../src/state/failure-classes.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import type { Task } from '../../src/state/tasks.ts';
import { plan } from '../../src/tasks/plan.ts';
import { nextRetry, retriesIn } from '../../src/tasks/retry.ts';
import { AT, after, begin, created, failed, instance } from './journal.ts';

const retriesOf = retriesIn(settingsSchema.parse({ modes: { own: { retries: 3 } } }));
const startedIn = (mode: string | null): EventDraft => ({
  type: 'run.started',
  data: { id: '1', instance: 'c-1', branch: 'b', start_commit: 'c', mode },
});
const failedIn = (mode: string | null, changes: Partial<Task> = {}): Task => ({
  ...begin(created('1'), startedIn(mode), failed('1')).tasks['1']!,
  ...changes,
});

test('[AGT-7] a failed run is tried again as often as its mode says, and no more', () => {
  expect([null, 'beast', 'tdd', 'own', 'gone'].map(retriesOf)).toEqual([0, 2, 1, 3, 0]);
  expect(nextRetry(failedIn('beast'), retriesOf)).toEqual({
    n: 1,
    reason: 'tried again by itself, 1 of 2 in beast mode: check: it failed',
  });
  expect(nextRetry(failedIn('beast', { retries: 1 }), retriesOf)?.n).toBe(2);
  expect(nextRetry(failedIn('beast', { retries: 2 }), retriesOf)).toBeUndefined();
  expect(nextRetry(failedIn(null), retriesOf)).toBeUndefined();
});

test('what a person stopped, what Drover could not do, and what did not fail is not tried again', () => {
  const task = failedIn('beast');
  const classes = FAILURE_CLASSES.filter(
    (kind) =>
      nextRetry({ ...task, run: { ...task.run!, failure: { class: kind, message: '' } } }, retriesOf) === undefined,
  );
  expect(classes).toEqual(['stopped', 'conflict', 'login', 'credit', 'limited', 'drover', 'disk']);
  expect(nextRetry({ ...task, state: 'done' }, retriesOf)).toBeUndefined();
  expect(nextRetry({ ...task, run: null }, retriesOf)).toBeUndefined();
});

test('the planner says which failed runs come again, when it is told how often', () => {
  const state = begin(...instance('c-1', 'working'), created('1'), created('2'));
  const broken = after(state, startedIn('beast'), failed('1'));
  expect(plan(broken, { now: AT, retriesOf })).toEqual([
    { kind: 'retry', task: '1', n: 1, reason: 'tried again by itself, 1 of 2 in beast mode: check: it failed' },
  ]);
  expect(plan(broken, { now: AT })).toEqual([]);
});
