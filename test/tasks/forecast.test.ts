import { expect, test } from 'vitest';
import type { AppEvent, EventDraft, State } from '../../src/state/index.ts';
import { reduce } from '../../src/state/index.ts';
import { distribute, type Work } from '../../src/tasks/distribute.ts';
import {
  elapsedOf,
  estimateOf,
  etaOf,
  forecast,
  leftOf,
  leftToTell,
  runElapsed,
  speedOf,
  takers,
} from '../../src/tasks/forecast.ts';
import { progress, progressOf, taskPercent, tasksOf } from '../../src/tasks/select.ts';
import { numberIn, outlineOf } from '../../src/tasks/spec/outline.ts';
import {
  after,
  assigned,
  begin,
  claimed,
  created,
  failed,
  imported,
  instance,
  moved,
  started,
  verified,
} from './journal.ts';

/** The state after these facts, each so many minutes after the hour. */
const timed = (state: State, ...facts: readonly (readonly [minute: number, fact: EventDraft])[]): State =>
  facts.reduce((now, [minute, fact]) => {
    const at = `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
    return reduce(now, { ...fact, seq: now.seq + 1, at, actor: 'test', corr: 'c' } as AppEvent);
  }, state);

const progressed = (id: string, percent: number): EventDraft => ({
  type: 'run.progressed',
  data: { id, progress: percent, note: null },
});
const NOW = '2026-01-01T00:30:00.000Z';
const MINUTE = 60_000;
/** That long after the hour. */
const minute = (count: number): number => Date.parse('2026-01-01T00:00:00.000Z') + count * MINUTE;

const work = (id: string, duration: number, more: Partial<Work> = {}): Work => ({
  id,
  duration,
  dependencies: [],
  on: null,
  begun: false,
  knows: [],
  ...more,
});
const placed = (items: ReturnType<typeof distribute>['items']) =>
  items.map(({ id, machine, start, end }) => `${id}@${machine} ${start}-${end}`);

test('work goes to the first free machine in order, prerequisites first, and nothing twice', () => {
  const { items, length, critical } = distribute(
    [
      work('a', 2),
      work('b', 3),
      work('c', 1, { dependencies: ['a'] }),
      work('d', 4, { dependencies: ['a', 'b', 'gone'] }),
    ],
    ['m1', 'm2'],
    ['b', 'a', 'd', 'c'],
  );
  expect(placed(items)).toEqual(['b@m1 0-3', 'a@m2 0-2', 'c@m2 2-3', 'd@m1 3-7']);
  expect([length, critical]).toEqual([7, { length: 7, path: ['b', 'd'] }]);
  expect(distribute([work('a', 1)], [], ['a'])).toMatchObject({ items: [], length: 0, critical: { length: 1 } });
});

test('what an instance has begun or in its queue stays there; what builds on its work goes to it', () => {
  const { items } = distribute(
    [
      work('run', 5, { on: 'm1', begun: true, dependencies: ['queue'] }),
      work('queue', 1, { on: 'm1' }),
      work('other', 1, { knows: ['m3'] }),
      work('more', 1, { on: 'm1', begun: true }),
    ],
    ['m1', 'm2', 'm3'],
    ['other', 'run', 'queue', 'more'],
  );
  expect(placed(items)).toEqual(['run@m1 0-5', 'other@m3 0-1', 'queue@m1 5-6', 'more@m1 6-7']);
});

test('circles are refused by their name', () => {
  const circle = [work('a', 1, { dependencies: ['b'] }), work('b', 1, { dependencies: ['a'] })];
  expect(() => distribute(circle, ['m'], ['a', 'b'])).toThrow('These tasks wait for each other');
});

test('[TSK-7] an estimate is what somebody said or what finished runs of that weight took, and never invented', () => {
  const plan = begin(
    ...instance('i-1'),
    created('1', { complexity_score: 2 }),
    created('2', { complexity_score: 5 }),
    created('3', { estimated_duration: 7 * MINUTE }),
    created('4', { complexity_score: 3 }, true),
  );
  expect(speedOf(Object.values(plan.tasks))).toBeNull();
  expect(estimateOf(plan.tasks['2']!, null)).toEqual({ ms: null, basis: 'unknown' });
  expect(leftOf(plan.tasks['2']!, { speed: null, instances: plan.instances, now: minute(0) })).toBeNull();
  expect(etaOf(plan, [plan.tasks['2']!], { now: minute(0) })).toBeNull();
  expect(etaOf(plan, [plan.tasks['3']!], { now: minute(0) })).toBe(7 * MINUTE);
  const done = timed(plan, [0, started('1', 'i-1')], [10, claimed('1')], [10, verified('1')]);
  const speed = speedOf(Object.values(done.tasks));
  expect(speed).toEqual({ ms_per_point: 5 * MINUTE, runs: 1 });
  expect(estimateOf(done.tasks['2']!, speed)).toEqual({ ms: 25 * MINUTE, basis: 'runs' });
  expect(estimateOf(done.tasks['3']!, speed)).toEqual({ ms: 7 * MINUTE, basis: 'said' });
  const half = timed(done, [20, started('2', 'i-1')], [21, progressed('2', 40)]);
  const left = (now: number) => leftOf(half.tasks['2']!, { speed, instances: half.instances, now });
  expect(left(minute(21))).toBe(15 * MINUTE);
  // What has passed since its agent told it is no longer left; where that is more than was expected, a tenth of it comes on top.
  expect([26, 31, 36, 51].map((at) => left(minute(at))! / MINUTE)).toEqual([10, 5, 1.5, 3]);
  expect(runElapsed(half.tasks['2']!, NOW)).toBe(10 * MINUTE);
  expect(runElapsed(half.tasks['3']!, NOW)).toBeNull();
  expect(etaOf(half, Object.values(half.tasks), { now: minute(21) })).toBe(22 * MINUTE);
  expect(etaOf(half, [half.tasks['1']!], { now: minute(21) })).toBeNull();
});

test('[TSK-7] of a task that takes longer than its estimate no time is told, and from twice that on none is foretold of its plan', () => {
  const plan = begin(
    ...instance('i-1'),
    created('1', { estimated_duration: MINUTE }),
    created('2', { estimated_duration: MINUTE }),
  );
  const running = timed(plan, [0, assigned('1', 'i-1')], [0, started('1', 'i-1')], [0, progressed('1', 10)]);
  const task = running.tasks['1']!;
  const at = (now: number) => ({ speed: null, instances: running.instances, now });
  expect([0.5, 1.5, 3].map((now) => leftToTell(task, at(minute(now))))).toEqual([24_000, null, null]);
  // It is never foretold to take less than a tenth of what it has taken, and then nothing.
  expect([1.5, 2, 2.1, 5].map((now) => leftOf(task, at(minute(now))))).toEqual([9000, 12_000, null, null]);
  const eta = (now: number) => etaOf(running, Object.values(running.tasks), { now: minute(now) });
  expect([0.5, 2, 5].map(eta)).toEqual([84_000, 72_000, null]);
  const over = timed(plan, [0, started('1', 'i-1')], [1, failed('1')]);
  expect(etaOf(over, Object.values(over.tasks), { now: minute(1) })).toBeNull();
  expect(etaOf(over, [over.tasks['2']!], { now: minute(1) })).toBe(MINUTE);
});

test('[TSK-7] while its agent waits for a person or is frozen nobody works on a task, so that tells nothing of the next one', () => {
  const plan = begin(...instance('i-1'), created('1'), created('2'));
  const freeze: EventDraft = { type: 'instance.paused', data: { instance_id: 'i-1', evidence: 'x' } };
  const thaw: EventDraft = { type: 'instance.resumed', data: { instance_id: 'i-1', evidence: 'x' } };
  const done = timed(
    plan,
    [0, moved('i-1', 'waiting')],
    [1, assigned('1', 'i-1')],
    [1, started('1', 'i-1')],
    [2, moved('i-1', 'working')],
    [4, moved('i-1', 'waiting')],
    [5, freeze],
    [9, thaw],
    [10, moved('i-1', 'waiting')],
    [14, moved('i-1', 'working')],
    [16, claimed('1')],
    [16, verified('1')],
  );
  expect(done.tasks['1']!.run?.waited_ms).toBe(11 * MINUTE);
  // A question that outlasts a freeze counts once, from when it was asked; one that is over while frozen, up to there.
  const begun = timed(plan, [0, assigned('1', 'i-1')], [0, started('1', 'i-1')], [4, moved('i-1', 'waiting')]);
  const waited = (...more: readonly (readonly [number, EventDraft])[]) =>
    timed(begun, ...more).tasks['1']!.run?.waited_ms;
  expect(waited([5, freeze], [9, thaw], [10, moved('i-1', 'working')])).toBe(6 * MINUTE);
  expect(waited([5, freeze], [7, moved('i-1', 'working')])).toBe(1 * MINUTE);
  expect(waited([5, freeze], [7, moved('i-1', 'working')], [9, thaw])).toBe(5 * MINUTE);
  expect(speedOf(Object.values(done.tasks))).toEqual({ ms_per_point: 4 * MINUTE, runs: 1 });
  expect(etaOf(done, [done.tasks['2']!], { now: minute(16) })).toBe(4 * MINUTE);
});

test('[TSK-7] what is left of a run is not less for the time in which its agent waits for a person or is frozen', () => {
  const plan = begin(...instance('i-1'), created('1', { estimated_duration: 20 * MINUTE }));
  const left = (state: State, now: number) =>
    leftOf(state.tasks['1']!, { speed: null, instances: state.instances, now });
  const working = timed(plan, [0, assigned('1', 'i-1')], [0, started('1', 'i-1')], [0, moved('i-1', 'working')]);
  expect([0, 5].map((at) => left(working, minute(at))! / MINUTE)).toEqual([20, 15]);
  const waiting = timed(working, [6, moved('i-1', 'waiting')]);
  expect([6, 13].map((at) => left(waiting, minute(at))! / MINUTE)).toEqual([14, 14]);
  const on = timed(waiting, [16, moved('i-1', 'working')]);
  expect([16, 20].map((at) => left(on, minute(at))! / MINUTE)).toEqual([14, 10]);
  const told = timed(on, [20, progressed('1', 50)], [22, progressed('1', 50)]);
  expect([20, 25].map((at) => left(told, minute(at))! / MINUTE)).toEqual([10, 5]);
});

test('[TSK-7] the time of several tasks counts from the first start to now, or to the last end when all are done', () => {
  const plan = begin(created('1'), created('2'), created('3', {}, true));
  expect(elapsedOf(Object.values(plan.tasks), NOW)).toBeNull();
  const one = timed(plan, [5, started('1', 'i')], [10, claimed('1')], [12, verified('1')]);
  expect(elapsedOf(Object.values(one.tasks), NOW)).toBe(25 * MINUTE);
  const all = timed(
    one,
    [13, started('2', 'i')],
    [14, failed('2')],
    [15, started('2', 'i')],
    [17, claimed('2')],
    [18, verified('2')],
  );
  expect(elapsedOf(Object.values(all.tasks), NOW)).toBe(13 * MINUTE);
});

test('[TSK-7] the percentage of a group and of a plan is the mean of their tasks, with what the agents report', () => {
  const plan = begin(
    ...['1.1', '1.2', '2.1', '2.2'].map((id) => created(id, { spec: 'demo', group: `Group ${id[0]}` })),
    imported('demo', ['1.1', '1.2', '2.1', '2.2']),
  );
  const state = timed(
    plan,
    [0, started('1.1', 'i')],
    [1, progressed('1.1', 40)],
    [2, started('2.1', 'i')],
    [3, claimed('2.1')],
    [3, verified('2.1')],
    [4, started('2.2', 'i')],
    [5, progressed('2.2', 100)],
  );
  const spec = state.specs['demo']!;
  expect(taskPercent(state.tasks['2.2']!)).toBe(99);
  expect(
    outlineOf(spec, state.tasks).map((group) => [
      group.number,
      group.title,
      progressOf(group.tasks, state.tasks).percent,
    ]),
  ).toEqual([
    ['1', 'Group 1', 20],
    ['2', 'Group 2', 99],
  ]);
  expect(progress(spec, state.tasks).percent).toBe(59);
  const wider = after(state, created('t1', { spec: 'demo' }), created('t2', { spec: 'other' }));
  expect(tasksOf(spec, wider.tasks).map((task) => task.id)).toEqual(['1.1', '1.2', '2.1', '2.2', 't1']);
  expect(outlineOf(spec, wider.tasks).at(-1)).toMatchObject({ number: 't1', title: 'Title of t1' });
  expect(progress({ tasks: ['1.1', 'gone'] }, state.tasks)).toMatchObject({ total: 1, percent: 40 });
  expect([numberIn({ id: 'demo-3.1', spec: 'demo' }), numberIn({ id: '3.1', spec: null })]).toEqual(['3.1', '3.1']);
});

test('a forecast counts points while nothing is known, and places only what is left', () => {
  const state = begin(
    ...instance('i-1'),
    ...instance('i-2'),
    ...instance('i-3', 'stopped'),
    created('1', { complexity_score: 4 }),
    created('2', { complexity_score: 2, dependencies: ['1'] }),
    created('3', { complexity_score: 3 }),
    created('4', {}, true),
    assigned('3', 'i-2', true),
    assigned('1', 'i-3', true),
  );
  expect(takers(state)).toEqual(['i-1', 'i-2']);
  const found = forecast(state, Object.values(state.tasks), { now: minute(0) });
  expect([found.unit, found.speed, found.length]).toEqual(['points', null, 6]);
  expect(placed(found.items)).toEqual(['3@i-2 0-3', '1@i-1 0-4', '2@i-1 4-6']);
  const one = forecast(state, Object.values(state.tasks), { now: minute(0), machines: ['x'], order: 'fifo' });
  expect(placed(one.items)).toEqual(['1@x 0-4', '2@x 4-6', '3@x 6-9']);
  const other = forecast(state, Object.values(state.tasks), {
    now: minute(0),
    needs: new Map([['2', { dependencies: [] }]]),
  });
  expect(other.length).toBe(5);
});

test('[TSK-7] work that is left is never foretold to take no time: where nothing tells how long, nothing is said', () => {
  const ended = [created('1'), started('1', 'r-1'), verified('1')];
  const atOnce = begin(...instance('r-1'), ...ended, created('2'));
  expect([
    speedOf(Object.values(atOnce.tasks)),
    leftOf(atOnce.tasks['2']!, { speed: null, instances: atOnce.instances, now: minute(0) }),
  ]).toEqual([null, null]);
  expect(etaOf(atOnce, [atOnce.tasks['2']!], { now: minute(0) })).toBeNull();
  const said = begin(...instance('r-1'), created('1', { estimated_duration: 0 }));
  expect([estimateOf(said.tasks['1']!, null), etaOf(said, [said.tasks['1']!], { now: minute(0) })]).toEqual([
    { ms: null, basis: 'unknown' },
    null,
  ]);
  const nearly = begin(
    ...instance('r-1'),
    created('1', { estimated_duration: 10 }),
    started('1', 'r-1'),
    progressed('1', 99),
  );
  expect(leftOf(nearly.tasks['1']!, { speed: null, instances: nearly.instances, now: minute(0) })).toBe(1);
});

test('what waits for a task that was cancelled has no place in a forecast, and no end', () => {
  const state = begin(
    ...instance('r-1'),
    created('1', { estimated_duration: 10 }),
    created('2', { estimated_duration: 10 }),
    created('3', { estimated_duration: 10, dependencies: ['2'] }),
    { type: 'task.cancelled', data: { id: '2' } },
  );
  const { items } = forecast(state, Object.values(state.tasks), { now: minute(0) });
  expect(items.map(({ id }) => id)).toEqual(['1']);
  expect(etaOf(state, [state.tasks['3']!], { now: minute(0) })).toBeNull();
});
