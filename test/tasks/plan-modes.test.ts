import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventDraft, State } from '../../src/state/index.ts';
import type { Task } from '../../src/state/tasks.ts';
import { mayDo } from '../../src/tasks/may-do.ts';
import { type PlanAction, plan } from '../../src/tasks/plan.ts';
import {
  AT,
  after,
  assigned,
  begin,
  claimed,
  created,
  failed,
  instance,
  moved,
  requested,
  started,
  verified,
} from './journal.ts';

type Traits = { agent: string; group: string | null; mode: string | null };

const made = (id: string, { agent, group, mode }: Traits): EventDraft[] =>
  instance(id).map(
    (draft) =>
      (draft.type === 'instance.created'
        ? { ...draft, data: { ...draft.data, agent, group, mode } }
        : draft) as EventDraft,
  );

const wanted = (
  id: string,
  wish: { mode?: string | null; fresh?: boolean; group?: string; agent?: string },
): EventDraft => ({
  type: 'task.requested',
  data: { ids: [id], ...wish },
});

const RETRIES = { a: 1 } as Readonly<Record<string, number>>;
const planned = (state: State): PlanAction[] => plan(state, { now: AT, retriesOf: (mode) => RETRIES[mode ?? ''] ?? 0 });
const kinds = (state: State): string[] =>
  planned(state).map((action) =>
    [action.kind, 'task' in action ? action.task : '', 'mode' in action ? action.mode : ''].join(' ').trim(),
  );
const restarted = (instance_id: string, task: string, mode: string | null): EventDraft => ({
  type: 'instance.restart_requested',
  data: { instance_id, fresh: true, mode, task },
});

const plain: Traits = { agent: 'x', group: null, mode: null };

test('a task of another mode has its instance made ready first, and starts when that is done', () => {
  const state = begin(...made('c-1', plain), created('1'), wanted('1', { mode: 'a' }));
  expect(kinds(state)).toEqual(['assign 1', 'prepare 1 a']);
  const handed = after(state, assigned('1', 'c-1'));
  expect(kinds(handed)).toEqual(['prepare 1 a']);
  const ready = after(handed, restarted('c-1', '1', 'a'), moved('c-1', 'idle'));
  expect(kinds(ready)).toEqual(['start 1']);
});

test('a task without a mode wants the one that its instance was launched with', () => {
  const there = begin(...made('c-1', { ...plain, mode: 'a' }), created('1'), requested('1'));
  expect(kinds(there)).toEqual(['assign 1', 'start 1']);
  const elsewhere = after(there, restarted('c-1', 'other', 'b'), moved('c-1', 'idle'));
  expect(kinds(elsewhere)).toEqual(['assign 1', 'prepare 1 a']);
});

test('a task that wants a new conversation gets one for each attempt', () => {
  const state = begin(...made('c-1', plain), created('1'), wanted('1', { fresh: true }), assigned('1', 'c-1'));
  expect(kinds(state)).toEqual(['prepare 1']);
  const ready = after(state, restarted('c-1', '1', null), moved('c-1', 'idle'));
  expect(kinds(ready)).toEqual(['start 1']);
  const again = after(
    ready,
    started('1', 'c-1'),
    failed('1'),
    { type: 'task.reopened', data: { id: '1', reason: 'r' } },
    requested('1'),
  );
  expect(kinds(again)).toEqual(['assign 1', 'prepare 1']);
});

test('an instance that can begin at once is taken before one that knows the ground and would forget it', () => {
  const done = [created('1'), started('1', 'c-1'), verified('1')];
  const tasks = [created('2', { dependencies: ['1'] }), wanted('2', { mode: 'a' })];
  const state = begin(...made('c-1', plain), ...made('c-2', { ...plain, mode: 'a' }), ...done, ...tasks);
  expect(planned(state)[0]).toMatchObject({ instance: 'c-2', reason: 'ready, complexity 1, priority normal' });
  const knowing = begin(
    ...made('c-0', { ...plain, mode: 'a' }),
    ...made('c-1', { ...plain, mode: 'a' }),
    ...done,
    ...tasks,
  );
  expect(planned(knowing)[0]).toMatchObject({ instance: 'c-1', reason: expect.stringContaining('it did 1') });
});

test('a task for a group or an agent is given to such instances only', () => {
  const swarm = [
    ...made('c-1', plain),
    ...made('c-2', { ...plain, group: 'g' }),
    ...made('d-1', { ...plain, agent: 'd' }),
  ];
  const tasks = [created('1'), created('2'), wanted('1', { group: 'g' }), wanted('2', { agent: 'd' })];
  const given = planned(begin(...swarm, ...tasks)).flatMap((one) =>
    one.kind === 'assign' ? [`${one.task} ${one.instance}`] : [],
  );
  expect(given).toEqual(['1 c-2', '2 d-1']);
});

const mode = fc.constantFrom(null, 'a', 'b');
const world = fc.record({
  instances: fc.array(fc.record({ agent: fc.constantFrom('x', 'y'), group: fc.constantFrom(null, 'g'), mode }), {
    minLength: 1,
    maxLength: 4,
  }),
  tasks: fc.array(
    fc.record({
      needs: fc.option(fc.nat(9), { nil: undefined }),
      mode,
      fresh: fc.boolean(),
      group: fc.constantFrom(null, null, 'g'),
      agent: fc.constantFrom(null, null, 'x'),
      held: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
      failing: fc.nat(2),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  paused: fc.boolean(),
  choices: fc.infiniteStream(fc.nat(1000)),
});

/** Does one thing that the planner says, and checks that it may be done. `prepared` counts what a task had made ready. */
const done = (state: State, action: PlanAction, prepared: Map<string, number>): State => {
  if (action.kind === 'retry')
    return after(
      state,
      { type: 'task.reopened', data: { id: action.task, reason: action.reason } },
      {
        type: 'task.requested',
        data: { ids: [action.task], retries: action.n },
      },
    );
  if (action.kind === 'launch') return after(state, moved(action.instance, 'idle'));
  if (action.kind !== 'assign' && action.kind !== 'start' && action.kind !== 'prepare') return state;
  expect(state.swarm.paused).toBe(false);
  const task = state.tasks[action.task]!;
  const one = state.instances[action.instance]!;
  expect(task.held).toBe(false);
  expect(mayDo(task, one)).toBe(true);
  expect(one.state.kind).toBe('idle');
  if (action.kind === 'assign') return after(state, assigned(task.id, one.instance_id));
  expect(task).toMatchObject({ state: 'assigned', assignee: one.instance_id });
  const attempt = `${task.id} ${task.attempts}`;
  if (action.kind === 'prepare') {
    prepared.set(attempt, (prepared.get(attempt) ?? 0) + 1);
    return after(state, restarted(one.instance_id, task.id, action.mode));
  }
  expect(one.mode).toBe(task.mode ?? one.launch_mode);
  if (task.fresh) expect(one.prepared_for).toBe(task.id);
  return after(
    state,
    {
      type: 'run.started',
      data: { id: task.id, instance: one.instance_id, branch: 'b', start_commit: 'c', mode: one.mode },
    },
    moved(one.instance_id, 'working'),
  );
};

/** One thing that happens by itself: a run claims, or its claim is verified or fails. */
const happened = (
  state: State,
  choose: (count: number) => number,
  failing: ReadonlyMap<string, number>,
): State | undefined => {
  const active = Object.values(state.tasks).filter((task) => ['running', 'verifying'].includes(task.state));
  const task = active[choose(active.length)];
  if (!task) return undefined;
  if (task.state === 'running') return after(state, claimed(task.id));
  const ends = task.attempts <= (failing.get(task.id) ?? 0) ? failed : verified;
  return after(state, ends(task.id), moved(task.assignee!, 'idle'));
};

/** As a reactor does it: assignments first, then everything else that the planner says of that state. */
const carriedOut = (first: State, prepared: Map<string, number>): State => {
  let state = first;
  for (let rounds = 0; ; rounds += 1) {
    expect(rounds).toBeLessThan(100);
    for (const action of planned(state)) if (action.kind === 'assign') state = done(state, action, prepared);
    const actions = planned(state).filter((action) => action.kind !== 'assign' && action.kind !== 'verify');
    if (actions.length === 0) return state;
    for (const action of actions) state = done(state, action, prepared);
  }
};

const finished = ({ state }: Pick<Task, 'state'>): boolean => state === 'done' || state === 'failed';

test('[AGT-7] in thousands of swarms every run has its mode, its conversation, its group and its agent, and none waits for ever', () => {
  fc.assert(
    fc.property(world, ({ instances, tasks, paused, choices }) => {
      const first = begin(
        ...instances.flatMap((traits, i) => made(`c-${i}`, traits)),
        ...tasks.map((task, i) =>
          created(`t${i}`, { dependencies: task.needs === undefined || i === 0 ? [] : [`t${task.needs % i}`] }),
        ),
        ...tasks.map(
          ({ mode: name, fresh, group, agent }, i): EventDraft => ({
            type: 'task.requested',
            data: { ids: [`t${i}`], mode: name, fresh, group, agent },
          }),
        ),
        ...tasks.flatMap(({ held }, i): EventDraft[] =>
          held ? [{ type: 'task.held', data: { id: `t${i}`, held } }] : [],
        ),
        ...(paused ? [{ type: 'swarm.paused', data: {} } satisfies EventDraft] : []),
      );
      const failing = new Map(tasks.map((task, i) => [`t${i}`, task.failing]));
      const prepared = new Map<string, number>();
      const choose = (count: number): number => (count === 0 ? 0 : choices.next().value! % count);
      let state = carriedOut(first, prepared);
      if (paused) {
        expect(Object.values(state.tasks).every((task) => task.state === 'open')).toBe(true);
        state = carriedOut(after(state, { type: 'swarm.resumed', data: {} }), prepared);
      }
      for (let next = happened(state, choose, failing); next; next = happened(state, choose, failing))
        state = carriedOut(next, prepared);
      for (const [, count] of prepared) expect(count).toBe(1);
      for (const task of Object.values(state.tasks)) {
        const able = Object.values(state.instances).some((one) => mayDo(task, one));
        const ready = task.dependencies.every((id) => state.tasks[id]!.state === 'done');
        expect(finished(task), task.id).toBe(able && ready && !task.held);
        expect(task.attempts).toBeLessThanOrEqual(2);
      }
    }),
    { numRuns: 1000 },
  );
});
