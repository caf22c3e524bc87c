import { expect, test } from 'vitest';
import type { State } from '../../src/state/index.ts';
import { INSTANCE_STATES } from '../../src/state/instances.ts';
import { TASK_ORDERS, type TaskOrder } from '../../src/state/swarm-settings.ts';
import { forecast } from '../../src/tasks/forecast.ts';
import { plan } from '../../src/tasks/plan.ts';
import {
  AT,
  after,
  assigned,
  begin,
  claimed,
  created,
  imported,
  instance,
  requested,
  started,
  verified,
} from './journal.ts';

const planned = (state: Parameters<typeof plan>[0]) => plan(state, { now: AT });
const pairs = (state: Parameters<typeof plan>[0]) =>
  planned(state).flatMap((action) => (action.kind === 'assign' ? [`${action.task} ${action.instance}`] : []));
const starts = (state: Parameters<typeof plan>[0]) =>
  planned(state).flatMap((action) => (action.kind === 'start' ? [`${action.task} ${action.instance}`] : []));

test('an empty swarm needs nothing', () => {
  expect(planned(begin())).toEqual([]);
});

test('a requested task that is ready goes to an idle instance and starts there', () => {
  const state = begin(...instance('c-1'), ...instance('c-2'), created('1'), created('2'), requested('1'));
  expect(planned(state)).toEqual([
    { kind: 'assign', task: '1', instance: 'c-1', reason: 'ready, complexity 1, priority normal' },
    { kind: 'start', task: '1', instance: 'c-1' },
  ]);
});

test.each(INSTANCE_STATES.filter((state) => state !== 'idle'))('an instance that is %s is given nothing', (kind) => {
  const state = begin(...instance('c-1', kind), created('1'), requested('1'), created('2'), assigned('2', 'c-1'));
  const kinds = planned(state).map((action) => action.kind);
  expect(kinds).toEqual(kind === 'creating' ? ['launch'] : kind === 'stopping' ? ['stop'] : []);
});

test('instances to launch or stop, claims to verify and batches to merge are told', () => {
  const state = begin(
    ...instance('c-1', 'creating'),
    ...instance('c-2', 'stopping'),
    ...instance('c-3', 'verifying'),
    created('1'),
    started('1', 'c-3'),
    claimed('1'),
    { type: 'batch.started', data: { id: 'batch-1', target: 'main', base_commit: 'a', tasks: [] } },
    { type: 'batch.started', data: { id: 'batch-2', target: 'main', base_commit: 'a', tasks: [] } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  );
  expect(planned(state)).toEqual([
    { kind: 'stop', instance: 'c-2' },
    { kind: 'launch', instance: 'c-1' },
    { kind: 'verify', task: '1' },
    { kind: 'merge', batch: 'batch-2' },
  ]);
});

test('the heaviest chain goes first, then the priority, then the plan', () => {
  const tasks = [
    created('1', { complexity_score: 2 }),
    created('10', { complexity_score: 3, priority: 'urgent' }),
    created('2', { complexity_score: 3 }),
    created('3', { complexity_score: 3 }),
    created('4', { complexity_score: 8, dependencies: ['1'] }),
  ];
  const free = [1, 2, 3, 4].flatMap((n) => instance(`c-${n}`));
  const state = begin(...tasks, requested('1', '2', '3', '4', '10'), ...free);
  expect(pairs(state)).toEqual(['1 c-1', '10 c-2', '2 c-3', '3 c-4']);
  expect(pairs(after(state, imported('s', ['3', '2'])))).toEqual(['1 c-1', '10 c-2', '3 c-3', '2 c-4']);
  expect(planned(state)[0]).toMatchObject({
    reason: 'ready, complexity 2, 10 with what waits for it, priority normal',
  });
});

test('[DST-6] load goes to whom has done least, groups take turns, and by hand nothing goes by itself', () => {
  const tasks = [
    created('1', { complexity_score: 2, group: 'Login' }),
    created('2', { complexity_score: 5, group: 'Login' }),
    created('3', { complexity_score: 1, group: 'Search' }),
    created('4', { complexity_score: 3 }),
  ];
  const free = [1, 2].flatMap((n) => instance(`c-${n}`));
  const state = begin(...tasks, requested('1', '2', '3', '4'), ...free);
  const handedOut = (order: TaskOrder, from = state) =>
    plan(from, { now: AT, order }).flatMap((action) =>
      action.kind === 'assign' ? [[action.task, action.instance]] : [],
    );
  expect(handedOut('load-balance')).toEqual([
    ['2', 'c-1'],
    ['4', 'c-2'],
  ]);
  expect(handedOut('spread-groups').map(([task]) => task)).toEqual(['1', '3']);
  expect(handedOut('fifo').map(([task]) => task)).toEqual(['1', '2']);
  expect(handedOut('manual')).toEqual([]);
  const [one] = Object.values(state.tasks);
  const busy = {
    ...state,
    tasks: { ...state.tasks, done: { ...one!, id: 'done', state: 'done', run: { instance: 'c-1' } } },
  };
  expect(handedOut('load-balance', busy as unknown as State)[0]).toEqual(['2', 'c-2']);
});

test('[CFG-1] first in, first out: the priority decides, then the plan, whatever the chain behind a task weighs', () => {
  const tasks = [
    created('1', { complexity_score: 1 }),
    created('2', { complexity_score: 3 }),
    created('3', { complexity_score: 2, priority: 'high' }),
    created('4', { complexity_score: 8, dependencies: ['2'] }),
  ];
  const free = [1, 2, 3].flatMap((n) => instance(`c-${n}`));
  const state = begin(...tasks, requested('1', '2', '3', '4'), ...free);
  const handedOut = (order: TaskOrder) =>
    plan(state, { now: AT, order }).flatMap((action) => (action.kind === 'assign' ? [action.task] : []));
  expect(handedOut('fifo')).toEqual(['3', '1', '2']);
  expect(handedOut('critical-path')).toEqual(['2', '3', '1']);
  expect(plan(state, { now: AT, order: 'fifo' })[0]).toMatchObject({
    reason: 'ready, next in the order of the plans, priority high',
  });
  // A forecast foretells just that.
  const begun = (order: TaskOrder) =>
    forecast(state, Object.values(state.tasks), { now: 0, machines: ['c-1', 'c-2', 'c-3'], order }).items.map(
      ({ id }) => id,
    );
  for (const order of TASK_ORDERS.filter((one) => one !== 'manual'))
    expect(begun(order).slice(0, 3)).toEqual(handedOut(order));
});

test('who did a prerequisite is preferred', () => {
  const state = begin(
    ...instance('c-1'),
    ...instance('c-2'),
    created('1'),
    created('2', { dependencies: ['1'] }),
    started('1', 'c-2'),
    verified('1'),
    requested('2'),
  );
  expect(pairs(state)).toEqual(['2 c-2']);
  expect(planned(state)[0]).toMatchObject({ reason: 'ready, complexity 1, priority normal; it did 1' });
});

test('the next of a queue starts when its instance is idle and its prerequisites are done', () => {
  const state = begin(
    ...instance('c-1'),
    created('1'),
    created('2', { dependencies: ['1'] }),
    created('3'),
    assigned('2', 'c-1'),
    assigned('1', 'c-1'),
    assigned('3', 'c-1'),
  );
  expect(starts(state)).toEqual(['1 c-1']);
  expect(starts(after(state, started('1', 'c-1'), verified('1')))).toEqual(['2 c-1']);
});

test('an instance never works at two tasks, even when it looks idle', () => {
  const state = begin(...instance('c-1'), created('1'), created('2'), assigned('2', 'c-1'), started('1', 'c-1'));
  expect(planned(state)).toEqual([]);
  expect(planned(after(state, claimed('1')))).toEqual([{ kind: 'verify', task: '1' }]);
});

test('a task given to a busy instance stays in its queue', () => {
  const state = begin(
    ...instance('c-1', 'working'),
    ...instance('c-2'),
    created('1'),
    requested('1'),
    assigned('1', 'c-1'),
  );
  expect(planned(state)).toEqual([]);
});

test('a queue that only waits does not keep its instance from what it waits for', () => {
  const state = begin(
    ...instance('c-1'),
    created('1'),
    created('2', { dependencies: ['1'] }),
    requested('1'),
    assigned('2', 'c-1'),
  );
  expect(pairs(state)).toEqual(['1 c-1']);
});

test('a pinned task is given to its instance only', () => {
  const state = begin(...instance('c-1'), ...instance('c-2'), created('1'), requested('1'), assigned('1', 'c-2', true));
  const open = { ...state, tasks: { '1': { ...state.tasks['1']!, state: 'open' as const } } };
  expect(pairs(open)).toEqual(['1 c-2']);
  expect(planned(open)[0]).toMatchObject({ reason: 'pinned to it' });
  const elsewhere = { ...open, tasks: { '1': { ...open.tasks['1']!, assignee: 'c-9' } } };
  expect(pairs(elsewhere)).toEqual([]);
});

test('a circle among the tasks starts nothing and hangs nothing', () => {
  const state = begin(
    ...instance('c-1'),
    created('1', { dependencies: ['2'] }),
    created('2', { dependencies: ['1'] }),
    created('3'),
    requested('1', '2', '3'),
  );
  expect(pairs(state)).toEqual(['3 c-1']);
});

test('ten thousand tasks and a hundred instances are planned', () => {
  const ids = Array.from({ length: 10_000 }, (_, i) => `${i + 1}`);
  const one = begin(created('1'), requested('1')).tasks['1']!;
  const tasks = Object.fromEntries(ids.map((id, i) => [id, { ...one, id, dependencies: i % 50 ? [ids[i - 1]!] : [] }]));
  const state = begin(...Array.from({ length: 100 }, (_, i) => instance(`c-${i}`)).flat());
  expect(pairs({ ...state, tasks })).toHaveLength(100);
});

const ofAgent = (id: string, agent: string) =>
  instance(id).map((fact) => (fact.type === 'instance.created' ? { ...fact, data: { ...fact.data, agent } } : fact));

test('idle instances of the usual agent come first, and others do what is left', () => {
  const three = [...ofAgent('a-1', 'rehearsal'), ...ofAgent('b-1', 'robot'), ...ofAgent('c-1', 'rehearsal')];
  const state = begin(...three, created('1'), created('2'), requested('1', '2'));
  const by = (agent?: string) =>
    plan(state, { now: AT, ...(agent === undefined ? {} : { agent }) }).flatMap((action) =>
      action.kind === 'assign' ? [`${action.task} ${action.instance}`] : [],
    );
  expect([by(), by('robot'), by('claude')]).toEqual([
    ['1 a-1', '2 b-1'],
    ['1 b-1', '2 a-1'],
    ['1 a-1', '2 b-1'],
  ]);
});
