import { expect, test } from 'vitest';
import { requireSome, selectInstances, selectTasks } from '../../src/commands/selection.ts';
import type { State } from '../../src/state/index.ts';
import { emptyState } from '../../src/state/index.ts';
import type { Instance } from '../../src/state/instances.ts';
import type { Task } from '../../src/state/tasks.ts';

const task = (id: string, rest: Partial<Task> = {}): Task =>
  ({ id, state: 'open', dependencies: [], assignee: null, batch: null, created_at: '2026-01-01', ...rest }) as Task;
const instance = (instance_id: string, kind: string, created_at: string): Instance =>
  ({ instance_id, state: { kind }, created_at }) as Instance;

const state: State = {
  ...emptyState,
  tasks: Object.fromEntries(
    [
      task('10'),
      task('2.1', { state: 'done', batch: 'batch-1' }),
      task('2.2', { state: 'done' }),
      task('3', { dependencies: ['10'] }),
      task('4', { state: 'running', assignee: 'a-1' }),
      task('5', { state: 'failed', created_at: '2026-01-02' }),
      task('6', { state: 'assigned', assignee: 'a-1' }),
    ].map((one) => [one.id, one]),
  ),
  instances: Object.fromEntries(
    [
      instance('a-1', 'working', '2026-01-02'),
      instance('a-2', 'idle', '2026-01-03'),
      instance('a-3', 'stopped', '2026-01-01'),
    ].map((one) => [one.instance_id, one]),
  ),
};

test.each([
  ['ready', ['10']],
  ['waiting', ['3']],
  ['completed', ['2.1', '2.2']],
  ['pending', ['3', '10']],
  ['unassigned', ['2.1', '2.2', '3', '5', '10']],
  ['merged', ['2.1']],
  ['unmerged', ['2.2']],
  ['active', ['4', '6']],
  ['running', ['4']],
  ['failed', ['5']],
  ['cancelled', []],
])('"%s tasks" are %j', (word, ids) => {
  expect(selectTasks(state, { state: [word] }).map((one) => one.id)).toEqual(ids);
});

test('[PRT-3] queued tasks are those that start by themselves, and none that only could start or wait for others', () => {
  const asked = [task('7', { requested: true }), task('8', { requested: true, dependencies: ['10'] })];
  const tasks = { ...state.tasks, ...Object.fromEntries(asked.map((one) => [one.id, one])) };
  const queued = selectTasks({ ...state, tasks }, { state: ['queued'] });
  expect(queued.map(({ id }) => id)).toEqual(['6', '7']);
});

test.each([
  ['running', ['a-1']],
  ['active', ['a-1']],
  ['live', ['a-1', 'a-2']],
  ['idle', ['a-2']],
  ['stopped', ['a-3']],
])('"%s instances" are %j', (word, ids) => {
  expect(selectInstances(state, { state: [word] }).map((one) => one.instance_id)).toEqual(ids);
});

test('several states add up, exceptions go, named ones keep their order and are there once', () => {
  const ids = (targets: Parameters<typeof selectTasks>[1]) => selectTasks(state, targets).map((one) => one.id);
  expect(ids({ state: ['running', 'failed'] })).toEqual(['4', '5']);
  expect(ids({ state: ['completed'], except: ['2.1'] })).toEqual(['2.2']);
  expect(ids({ id: ['6', '4', '6'] })).toEqual(['6', '4']);
  expect(() => ids({ except: ['7'] })).toThrow('There is no task "7".');
});

test('the last one is the youngest of those that match, the next one the first that is ready', () => {
  expect(selectTasks(state, { scope: 'last' })[0]?.id).toBe('5');
  expect(selectTasks(state, { scope: 'next' }).map((one) => one.id)).toEqual(['10']);
  expect(selectInstances(state, { scope: 'last' }).map((one) => one.instance_id)).toEqual(['a-2']);
  expect(selectInstances(state, { scope: 'last', state: ['stopped'] })[0]?.instance_id).toBe('a-3');
});

test('a selection that may not be empty says what there is none of', () => {
  expect(() => requireSome([], 'task', { state: ['failed', 'blocked'] })).toThrow('No task is failed or blocked.');
  expect(() => requireSome([], 'instance', {})).toThrow('No instance is there.');
});
