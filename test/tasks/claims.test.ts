import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wildcard } from '../../src/lib/wildcard.ts';
import type { EventDraft, State } from '../../src/state/index.ts';
import { claimHolder, patternsMeet } from '../../src/tasks/claims.ts';
import { plan } from '../../src/tasks/plan.ts';
import { taskWord } from '../../src/text/task-rows.ts';
import { stateOf } from '../state/fold.ts';
import { AT, instanceCreated, taskCreated } from '../state/story.ts';

test.each([
  ['src/a/**', 'src/a/x.ts', true],
  ['src/a/**', 'src/b/**', false],
  ['src/*.ts', 'src/a.*', true],
  ['src/*.ts', 'src/deep/a.ts', false],
  ['**/a.ts', 'src/**', true],
  ['src', 'src/deep/a.ts', true],
  ['src/a?.ts', 'src/ab.ts', true],
  ['src/a?.ts', 'src/a.ts', false],
  ['[id].tsx', 'i.tsx', false],
])('claims %s and %s can mean the same file: %s', (a, b, meets) => {
  expect([patternsMeet(a, b), patternsMeet(b, a)]).toEqual([meets, meets]);
});

const name = fc.stringMatching(/^[ab]{1,3}$/);
const part = fc.oneof(name, fc.constantFrom('*', 'a*', '?b', '**'));
const pattern = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

const names = (one: string, file: string): boolean =>
  wildcard(one, true).test(file) || wildcard(`${one}/**`, true).test(file);

test('patterns that mean one file meet, whichever it is', () => {
  fc.assert(
    fc.property(pattern, pattern, path, (a, b, file) => {
      if (names(a, file) && names(b, file)) expect(patternsMeet(a, b)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

const idle = (id: string): EventDraft[] => [
  instanceCreated(id),
  { type: 'instance.started', data: { instance_id: id, session: id, pane: '%1', pid: 7 } },
  { type: 'instance.moved', data: { instance_id: id, state: 'idle', source: 'hook' } },
];
const requested = (...ids: string[]): EventDraft => ({ type: 'task.requested', data: { ids } });
const running = (id: string, instance: string): EventDraft[] => [
  { type: 'task.assigned', data: { id, instance, pinned: false, reason: 'x' } },
  { type: 'run.started', data: { id, instance, branch: `feature/${id}`, start_commit: 'c' } },
  { type: 'instance.moved', data: { instance_id: instance, state: 'working', source: 'hook' } },
];
const started = (state: State): string[] =>
  plan(state, { now: AT }).flatMap((action) => (action.kind === 'start' ? [action.task] : []));

const two = [
  ...idle('claude-1'),
  ...idle('claude-2'),
  taskCreated('1', { files: ['src/a/**'] }),
  taskCreated('2', { files: ['src/**/x.ts'] }),
];

test('[WTR-7] of two tasks that claim the same files one begins, and the other one says what it waits for', () => {
  expect(started(stateOf(...two, requested('1', '2')))).toEqual(['1']);
  const state = stateOf(...two, requested('1', '2'), ...running('1', 'claude-1'));
  expect(started(state)).toEqual([]);
  expect(taskWord(state.tasks['2']!, state)).toBe('blocked: claim on src/a/** of 1');
  const done = stateOf(...two, requested('1', '2'), ...running('1', 'claude-1'), {
    type: 'run.failed',
    data: { id: '1', failure: { class: 'check', message: 'x' } },
  });
  expect([started(done), taskWord(done.tasks['2']!, done)]).toEqual([['2'], 'queued']);
});

test('a task that was given to an instance by hand waits as well, and does not keep others from beginning', () => {
  const given: EventDraft = {
    type: 'task.assigned',
    data: { id: '2', instance: 'claude-2', pinned: true, reason: 'x' },
  };
  const others = [taskCreated('3', { files: ['docs'] }), taskCreated('4'), requested('3')];
  const state = stateOf(...two, ...running('1', 'claude-1'), given, ...others);
  expect(started(state)).toEqual(['3']);
  expect(taskWord(state.tasks['2']!, state)).toBe('blocked: claim on src/a/** of 1');
  expect(claimHolder(state.tasks['4']!, state)).toBeUndefined();
});

test('what waits for something else keeps nobody from the files that it claims', () => {
  const given: EventDraft = {
    type: 'task.assigned',
    data: { id: '1', instance: 'claude-1', pinned: true, reason: 'x' },
  };
  const edited: EventDraft = { type: 'task.edited', data: { id: '1', changes: { dependencies: ['2'] } } };
  expect(started(stateOf(...two, edited, given, requested('2')))).toEqual(['2']);
});
