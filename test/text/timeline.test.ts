import { expect, test } from 'vitest';
import { type EventDraft, emptyState, reduce, type State } from '../../src/state/index.ts';
import { allKnownFrom } from '../../src/state/asides.ts';
import { lanesOf, timelineOf } from '../../src/text/timeline.ts';
import { tookMs } from '../../src/tui/tabs/metrics-agents.ts';
import { created, instance, moved, started, verified } from '../tasks/journal.ts';

const FIRST = Date.parse('2026-01-01T00:00:00.000Z');

/** The state after facts, each so many seconds after the first. */
const stateAt = (...facts: readonly (readonly [second: number, ...drafts: EventDraft[]])[]): State =>
  facts
    .flatMap(([second, ...drafts]) => drafts.map((draft) => ({ second, draft })))
    .reduce(
      (state, { second, draft }) =>
        reduce(state, {
          ...draft,
          ...{ seq: state.seq + 1, at: new Date(FIRST + second * 1000).toISOString(), actor: 't', corr: 'c' },
        } as Parameters<typeof reduce>[1]),
      emptyState,
    );

// t2 follows t1; t3 is done beside them by another agent, which asks in between.
const state = stateAt(
  [0, ...instance('a-1'), ...instance('a-2'), created('t1'), created('t2', { dependencies: ['t1'] }), created('t3')],
  [0, started('t1', 'a-1'), started('t3', 'a-2'), moved('a-1', 'working'), moved('a-2', 'working')],
  [4, moved('a-2', 'waiting')],
  [8, moved('a-2', 'working')],
  [10, verified('t1')],
  [10, started('t2', 'a-1')],
  [12, verified('t3')],
  [30, { type: 'run.failed', data: { id: 't2', failure: { class: 'check', message: 'x' } } }],
  [32, { type: 'batch.started', data: { id: 'batch-1', target: 'i', base_commit: 'c', tasks: ['t1'] } }],
  [32, { type: 'batch.merged', data: { id: 'batch-1', task: 't1', branch: 'b', commit: 'c1' } }],
  [40, { type: 'batch.finished', data: { id: 'batch-1' } }],
);
const NOW = FIRST + 60_000;

test('the timeline tells who did what when, waiting and merging included, and what all had to wait for', () => {
  const told = timelineOf(state, NOW).map(({ kind, who, task, ms, critical }) => [kind, who, task, ms, critical]);
  expect(told).toEqual([
    ['work', 'a-1', 't1', 10_000, true],
    ['work', 'a-2', 't3', 8000, false],
    ['waiting', 'a-2', null, 4000, false],
    ['failed', 'a-1', 't2', 20_000, true],
    ['merging', 'batch-1', null, 8000, false],
  ]);
  expect(timelineOf(emptyState, NOW)).toEqual([]);
});

test('who waited is told of all the time, however often the agent has gone on since', () => {
  const often = Array.from({ length: 40 }, (_, i) => [
    [10 + 4 * i, moved('a-1', 'waiting')] as const,
    [12 + 4 * i, moved('a-1', 'working')] as const,
  ]).flat();
  const long = stateAt([0, ...instance('a-1'), created('t1'), started('t1', 'a-1'), moved('a-1', 'working')], ...often);
  const waits = timelineOf(long, FIRST + 600_000).filter(({ kind }) => kind === 'waiting');
  expect(waits).toHaveLength(40);
  expect(waits[0]).toMatchObject({ who: 'a-1', ms: 2000, from: new Date(FIRST + 10_000).toISOString() });
  expect(allKnownFrom(long.instances)).toBe(null);
  // What is kept is bounded, and says from when on it is known.
  const endless = Array.from({ length: 320 }, (_, i) => [
    [10 + 4 * i, moved('a-1', 'waiting')] as const,
    [12 + 4 * i, moved('a-1', 'working')] as const,
  ]).flat();
  const bounded = stateAt([0, ...instance('a-1')], ...endless);
  const kept = timelineOf(bounded, FIRST + 9_000_000);
  expect(kept.length).toBeLessThan(320);
  expect(allKnownFrom(bounded.instances)).toBe(new Date(FIRST + (12 + 4 * (319 - kept.length)) * 1000).toISOString());
});

test('an agent whose first states were let go of before that was kept is told of from when on it is known', () => {
  const long = stateAt(
    [0, ...instance('a-1')],
    ...Array.from({ length: 40 }, (_, i) => [i, moved('a-1', i % 2 === 0 ? 'waiting' : 'working')] as const),
  );
  const { asides: _kept, asides_since: _since, ...old } = long.instances['a-1']!;
  expect(allKnownFrom({ 'a-1': old })).toBe(old.transitions[0]!.since);
});

test('a run that a person ended is work, not a failure', () => {
  const ended = stateAt(
    [0, ...instance('a-1'), created('t1')],
    [0, started('t1', 'a-1')],
    [5, { type: 'run.failed', data: { id: 't1', failure: { class: 'stopped', message: 'a-1 was stopped' } } }],
  );
  expect(timelineOf(ended, NOW)).toMatchObject([{ kind: 'work', task: 't1', ms: 5000 }]);
});

test('what goes on has no end yet, and grows with the time', () => {
  const open = stateAt([0, ...instance('a-1'), created('t1')], [0, started('t1', 'a-1')]);
  const [span] = timelineOf(open, NOW);
  expect(span).toMatchObject({ to: null, ms: 60_000, critical: true });
});

test('an agent that was down did not work meanwhile, and a question that is open is told', () => {
  const down = stateAt(
    [0, ...instance('a-1'), created('t1'), started('t1', 'a-1')],
    [10, moved('a-1', 'lost')],
    [20, moved('a-1', 'working')],
    [
      40,
      { type: 'instance.moved', data: { instance_id: 'a-1', state: 'waiting', source: 'hook', question: 'Which?' } },
    ],
  );
  const spans = timelineOf(down, NOW);
  expect(spans.map(({ kind, task, text, ms }) => [kind, task, text, ms])).toEqual([
    ['work', 't1', 'Title of t1', 40_000],
    ['failed', null, 'was lost', 10_000],
    ['waiting', null, 'Which?', 20_000],
  ]);
  const [lane] = lanesOf(spans, 60, NOW);
  expect(lane!.stretches.map(({ kind, cells }) => `${kind}${cells}`)).toEqual([
    'work10',
    'failed11',
    'work19',
    'waiting20',
  ]);
});

test('of ten thousand tasks in a row the last is found to have waited for all', () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => i);
  const one = stateAt([0, ...instance('a-1'), created('t0')], [0, started('t0', 'a-1')]);
  const { t0 } = one.tasks;
  const time = (i: number): string => new Date(FIRST + i * 1000).toISOString();
  const tasks = Object.fromEntries(
    rows.map((i) => [
      `t${i}`,
      {
        ...t0!,
        id: `t${i}`,
        dependencies: i === 0 ? [] : [`t${i - 1}`],
        run: { ...t0!.run!, instance: `a-${i % 60}`, started_at: time(i), ended_at: time(i + 1) },
      },
    ]),
  );
  const spans = timelineOf({ ...one, tasks }, FIRST + 10_000_000);
  expect(spans.filter(({ critical }) => critical)).toHaveLength(10_000);
});

test('a part of the time has of each lane only what was in it', () => {
  const lanes = lanesOf(timelineOf(state, NOW), 10, NOW, [FIRST, FIRST + 1000]);
  const all = lanesOf(timelineOf(state, NOW), 10, NOW);
  expect(lanes.map(({ who }) => who)).toEqual(all.map(({ who }) => who));
  expect(lanes.find(({ who }) => who === 'merges')?.stretches).toEqual([{ kind: null, critical: false, cells: 10 }]);
});

test('all lanes stand on one scale', () => {
  const lanes = lanesOf(timelineOf(state, NOW), 40, NOW);
  expect(lanes.map(({ who, stretches }) => [who, stretches.reduce((sum, { cells }) => sum + cells, 0)])).toEqual([
    ['a-1', 40],
    ['a-2', 40],
    ['merges', 40],
  ]);
  const drawn = lanes.map(({ stretches }) => stretches.map(({ kind, cells }) => `${kind ?? '-'}${cells}`));
  expect(drawn).toEqual([
    ['work10', 'failed21', '-9'],
    ['work4', 'waiting5', 'work4', '-27'],
    ['-32', 'merging8'],
  ]);
});

test('what an agent stood still for counts neither as work nor as the time of its task', () => {
  const paused: EventDraft = { type: 'instance.paused', data: { instance_id: 'a-1', evidence: 'x' } };
  const begun = [...instance('a-1'), created('t1'), started('t1', 'a-1'), moved('a-1', 'working')];
  const goesOn: EventDraft = { type: 'instance.resumed', data: { instance_id: 'a-1', evidence: 'x' } };
  const went = stateAt([0, ...begun], [4, paused], [35, goesOn], [36, verified('t1')]);
  expect(timelineOf(went, NOW)).toMatchObject([{ kind: 'work', task: 't1', ms: 5000 }]);
  expect(tookMs(went.tasks['t1']!.run!)).toBe(5000);
  const stands = stateAt([0, ...begun], [4, paused]);
  expect(timelineOf(stands, NOW)).toMatchObject([{ kind: 'work', task: 't1', ms: 4000, to: null }]);
});
