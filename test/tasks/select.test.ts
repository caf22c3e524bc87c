import { expect, test } from 'vitest';
import { dependants, graphOf, isReady, planOrder, progress, readyTasks, waitingFor } from '../../src/tasks/select.ts';
import { after, assigned, begin, claimed, created, failed, imported, started } from './journal.ts';

const state = begin(
  created('1', { complexity_score: 3 }, true),
  created('2', { dependencies: ['1'] }),
  created('10', { dependencies: ['1', '2'] }),
  created('3', { dependencies: ['removed'] }),
  imported('spec', ['1', '10', '2', '3', 'gone']),
  created('t1'),
);
const { tasks } = state;

test('a task is ready when it is open and all it waits for is done', () => {
  expect(readyTasks(tasks).map((task) => task.id)).toEqual(['2', 't1']);
  expect(isReady(tasks['1']!, tasks)).toBe(false);
  expect(waitingFor(tasks['10']!, tasks)).toEqual(['2']);
  expect(dependants('1', tasks)).toEqual(['2', '10']);
});

test('a prerequisite that does not exist is never met', () => {
  expect(waitingFor(tasks['3']!, tasks)).toEqual(['removed']);
  expect(isReady(tasks['3']!, tasks)).toBe(false);
});

test('plans keep their order, other tasks follow', () => {
  expect(planOrder(state.specs, tasks)).toEqual(['1', '10', '2', '3', 't1']);
  const later = after(state, created('b1'), created('a1'), imported('b', ['b1']), imported('a', ['a1']));
  const [spec, a, b] = ['spec', 'a', 'b'].map((name) => later.specs[name]!);
  expect(planOrder({ b: b!, a: a! }, later.tasks).slice(0, 2)).toEqual(['a1', 'b1']);
  const specs = { b: { ...b!, imported_at: '2027' }, spec: spec!, a: { ...a!, imported_at: '2025' } };
  expect(planOrder(specs, later.tasks)).toEqual(['a1', '1', '10', '2', '3', 'b1', 't1']);
});

test('the graph holds what was asked for', () => {
  expect([...graphOf(['2', 'none'], tasks)]).toEqual([
    ['2', ['1']],
    ['none', []],
  ]);
});

test('progress counts every task once, and its percentage is the mean of the tasks', () => {
  const spec = state.specs['spec']!;
  expect(progress(spec, tasks)).toEqual({
    total: 4,
    done: 1,
    unchecked: 0,
    active: 0,
    ready: 1,
    waiting: 2,
    stuck: 0,
    cancelled: 0,
    archived: 0,
    percent: 25,
  });
  const busy = after(
    state,
    started('2', 'i-1'),
    claimed('2'),
    assigned('10', 'i-1'),
    started('t1', 'i-2'),
    failed('t1'),
    { type: 'task.cancelled', data: { id: '3' } },
  );
  expect(progress({ tasks: [...spec.tasks, 't1'] }, busy.tasks)).toEqual({
    total: 4,
    done: 1,
    unchecked: 0,
    active: 1,
    ready: 0,
    waiting: 1,
    stuck: 1,
    cancelled: 1,
    archived: 0,
    percent: 25,
  });
  expect(progress({ tasks: [] }, tasks).percent).toBe(0);
});
