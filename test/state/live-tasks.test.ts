import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EventDraft, emptyState, reduceAll, type State } from '../../src/state/index.ts';
import { carryLive, stirringTasks, wantedTasks } from '../../src/state/live-tasks.ts';
import { plan } from '../../src/tasks/plan.ts';
import { after, assigned, AT, claimed, created, instance, requested, started, verified } from '../tasks/journal.ts';

const IDS = ['3', 't1', '10', 'b', '2'];
const KINDS: readonly ((id: string) => EventDraft)[] = [
  created,
  requested,
  (id) => assigned(id, 'c-1'),
  (id) => started(id, 'c-1'),
  claimed,
  verified,
  (id) => ({ type: 'task.removed', data: { id } }),
  (id) => ({ type: 'run.failed', data: { id, failure: { class: 'crash', message: 'it fell' } } }),
];

/** The same state, of which nothing is known yet. */
const fresh = (state: State): State => ({ ...state, tasks: { ...state.tasks } });

const seen = (state: State) => [
  stirringTasks(state.tasks).map(({ id }) => id),
  wantedTasks(state.tasks).map(({ id }) => id),
  plan(state, { now: AT, retriesOf: () => 1 }),
];

test('what is carried on from change to change is what going through all tasks finds, in its order', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...IDS), fc.nat(KINDS.length - 1)), { maxLength: 40 });
  fc.assert(
    fc.property(steps, fc.nat(3), (facts, rest) => {
      let state = after(emptyState, ...instance('c-1'));
      seen(state);
      for (const [index, [id, kind]] of facts.entries()) {
        const before = state;
        state = after(state, KINDS[kind]!(id));
        if (index % 4 === rest) expect(seen(before)).toEqual(seen(fresh(before)));
        expect(seen(state)).toEqual(seen(fresh(state)));
      }
    }),
    { numRuns: 40 },
  );
});

test('events that are folded at once carry it on as well, and leave the state before as it was', () => {
  const before = after(emptyState, created('t1'), requested('t1'), created('t2'));
  seen(before);
  const events = [requested('t2'), started('t1', 'c-1'), created('t3'), requested('t3')].map((draft, index) => ({
    ...{ ...draft, seq: before.seq + 1 + index, at: AT, actor: 'test', corr: 'c' },
  })) as Parameters<typeof reduceAll>[1];
  const state = reduceAll(before, events);
  expect(seen(state).slice(0, 2)).toEqual([['t1'], ['t2', 't3']]);
  expect(seen(before).slice(0, 2)).toEqual([[], ['t1']]);
});

test('after a change the planner goes through what goes on, and never through all tasks', () => {
  const begun = after(
    emptyState,
    ...instance('c-1'),
    created('t1'),
    created('t2'),
    requested('t2'),
    started('t1', 'c-1'),
  );
  plan(begun, { now: AT });
  let looks = 0;
  const counted = new Proxy(begun.tasks, {
    ownKeys: (target) => {
      looks += 1;
      return Reflect.ownKeys(target);
    },
  });
  carryLive(begun.tasks, counted, {});
  expect(plan({ ...begun, tasks: counted }, { now: AT })).toEqual(plan(begun, { now: AT }));
  expect(looks).toBe(0);
});
