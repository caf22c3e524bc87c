import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventDraft, State } from '../../src/state/index.ts';
import { plan } from '../../src/tasks/plan.ts';
import { bestListSchedule, lowerBound } from '../../src/tasks/schedule.ts';
import { waitingFor } from '../../src/tasks/select.ts';
import { planFromSpec } from '../../src/tasks/spec/import-spec.ts';
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
import { source } from './source.ts';

type Choose = (count: number) => number;

const running = (state: State, id: string) =>
  Object.values(state.tasks).filter((task) => task.assignee === id && ['running', 'verifying'].includes(task.state));

/** Does what the planner says, and checks that it may be done. */
const carriedOut = (state: State): State => {
  let current = state;
  for (const action of plan(state, { now: AT })) {
    if (action.kind === 'assign') {
      expect(state.instances[action.instance]!.state.kind).toBe('idle');
      expect(state.tasks[action.task]).toMatchObject({ state: 'open', requested: true });
      current = after(current, assigned(action.task, action.instance));
    } else if (action.kind === 'start') {
      const task = current.tasks[action.task]!;
      expect(waitingFor(task, current.tasks)).toEqual([]);
      expect(task).toMatchObject({ state: 'assigned', assignee: action.instance });
      expect(running(current, action.instance)).toEqual([]);
      current = after(current, started(task.id, action.instance), moved(action.instance, 'working'));
    } else if (action.kind === 'launch') current = after(current, moved(action.instance, 'idle'));
    else if (action.kind === 'stop') current = after(current, moved(action.instance, 'stopped'));
  }
  return current;
};

/** One thing that the world does next: an agent claims, a claim is verified or fails. Undefined when all is quiet. */
const happened = (state: State, choose: Choose, failing: ReadonlySet<string>): State | undefined => {
  const active = Object.values(state.tasks).filter((task) => ['running', 'verifying'].includes(task.state));
  const task = active[choose(active.length)];
  if (!task) return undefined;
  const drafts: EventDraft[] =
    task.state === 'running'
      ? [claimed(task.id), moved(task.assignee!, choose(2) ? 'idle' : 'verifying')]
      : [(failing.has(task.id) ? failed : verified)(task.id), moved(task.assignee!, 'idle')];
  return after(state, ...drafts);
};

const toTheEnd = (first: State, choose: Choose, failing: ReadonlySet<string>): { state: State; order: string[] } => {
  let state = carriedOut(first);
  const order: string[] = [];
  for (let next = happened(state, choose, failing); next; next = happened(state, choose, failing)) {
    for (const task of Object.values(next.tasks))
      if (task.state === 'done' && state.tasks[task.id]!.state !== 'done') order.push(task.id);
    state = carriedOut(next);
  }
  return { state, order };
};

const swarm = fc.record({
  needs: fc.array(fc.array(fc.nat(20), { maxLength: 3 }), { minLength: 1, maxLength: 10 }),
  scores: fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 10, maxLength: 10 }),
  instances: fc.integer({ min: 1, max: 4 }),
  failing: fc.uniqueArray(fc.nat(9), { maxLength: 2 }),
  byHand: fc.array(fc.tuple(fc.nat(9), fc.nat(3), fc.boolean()), { maxLength: 3 }),
  choices: fc.infiniteStream(fc.nat(1000)),
});

test('[TSK-5] in thousands of swarms no task starts before its prerequisites are done and all that can finish finishes', () => {
  fc.assert(
    fc.property(swarm, ({ needs, scores, instances, failing, byHand, choices }) => {
      const ids = needs.map((_, i) => `t${i}`);
      const agents = Array.from({ length: instances }, (_, i) => `c-${i}`);
      const broken = new Set(failing.map((i) => `t${i}`));
      const tasks = needs.map((list, i) =>
        created(ids[i]!, {
          // Only earlier tasks, so that there is no circle.
          dependencies: [...new Set(i === 0 ? [] : list.map((n) => ids[n % i]!))],
          complexity_score: scores[i]!,
        }),
      );
      const hands = byHand.map(([task, agent, pin]) =>
        assigned(ids[task % ids.length]!, agents[agent % agents.length]!, pin),
      );
      const first = begin(...agents.flatMap((id) => instance(id, 'creating')), ...tasks, requested(...ids), ...hands);
      const choose: Choose = (count) => (count === 0 ? 0 : choices.next().value! % count);
      const { state } = toTheEnd(carriedOut(first), choose, broken);
      const stuck = new Set<string>();
      for (const id of ids)
        if (broken.has(id) || state.tasks[id]!.dependencies.some((need) => stuck.has(need))) stuck.add(id);
      for (const id of ids) {
        if (!stuck.has(id)) expect(state.tasks[id]!.state).toBe('done');
        else expect(['failed', 'open', 'assigned']).toContain(state.tasks[id]!.state);
        expect(state.tasks[id]!.attempts).toBe(
          state.tasks[id]!.state === 'done' || state.tasks[id]!.state === 'failed' ? 1 : 0,
        );
      }
    }),
    { numRuns: 2000 },
  );
});

test('[DST-1] five instances do the 31 open tasks of the real plan in an order that respects every prerequisite', () => {
  const { plans, done } = planFromSpec(source);
  const open = plans.filter((task) => !done.includes(task.id)).map((task) => task.id);
  const first = begin(
    ...plans.map((task) => created(task.id, task, done.includes(task.id))),
    ...[1, 2, 3, 4, 5].flatMap((n) => instance(`claude-${n}`)),
    requested(...open),
  );
  expect(open).toHaveLength(31);
  let turn = 0;
  const choose: Choose = (count) => {
    turn = (turn * 31 + 7) % 1009;
    return turn % Math.max(1, count);
  };
  const { state, order } = toTheEnd(first, choose, new Set());
  expect(order.toSorted()).toEqual(open.toSorted());
  const before = new Set(done);
  for (const id of order) {
    for (const need of state.tasks[id]!.dependencies) expect(before.has(need)).toBe(true);
    before.add(id);
  }
  expect(new Set(Object.values(state.tasks).map((task) => task.run?.instance)).size).toBe(6);
});

/** Lets every task take its time and counts when the last one is done. */
const timed = (first: State, duration: (id: string) => number): number => {
  let state = carriedOut(first);
  let now = 0;
  const begun = new Map<string, number>();
  for (;;) {
    const active = Object.values(state.tasks).filter((task) => task.state === 'running');
    for (const task of active) if (!begun.has(task.id)) begun.set(task.id, now);
    const end = (id: string): number => begun.get(id)! + duration(id);
    const next = active.toSorted((a, b) => end(a.id) - end(b.id))[0];
    if (!next) return now;
    now = end(next.id);
    state = carriedOut(after(state, claimed(next.id), verified(next.id), moved(next.assignee!, 'idle')));
  }
};

test('[DST-1] the planner is as quick as a schedule can be when its estimates are right, on the real plan', () => {
  const { plans } = planFromSpec(source);
  const first = begin(
    ...plans.map((task) => created(task.id, task)),
    ...[1, 2, 3, 4, 5].flatMap((n) => instance(`claude-${n}`)),
    requested(...plans.map((task) => task.id)),
  );
  const score = new Map(plans.map((task) => [task.id, task.complexity_score]));
  const jobs = plans.map((task) => ({ ...task, duration: task.complexity_score }));
  const makespan = timed(first, (id) => score.get(id)!);
  expect(makespan).toBeLessThanOrEqual(bestListSchedule(jobs, 5).makespan * 1.05);
  expect(makespan).toBeGreaterThanOrEqual(lowerBound(jobs, 5));
});
