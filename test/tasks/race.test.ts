import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventDraft, State } from '../../src/state/index.ts';
import type { RaceWinner } from '../../src/state/races.ts';
import { isMergeable } from '../../src/tasks/mergeable.ts';
import { plan } from '../../src/tasks/plan.ts';
import {
  raceEndFacts,
  raceWord,
  standingOf,
  unsettledRacers,
  verdictOf,
  waitsForChoice,
} from '../../src/tasks/race.ts';
import { groupTasks } from '../../src/tasks/task-groups.ts';
import { swarmStatus } from '../../src/text/swarm-status.ts';
import { stateOf } from '../state/fold.ts';
import { AT, instanceCreated, taskCreated } from '../state/story.ts';

const INSTANCES = ['claude-1', 'codex-1', 'kiro-1'];
const racerOf = (instance: string): string => `t1@${instance}`;

const idle = (instance_id: string): EventDraft[] => [
  instanceCreated(instance_id),
  { type: 'instance.started', data: { instance_id, session: 's', pane: '%1', pid: 7 } },
  { type: 'instance.moved', data: { instance_id, state: 'idle', source: 'hook' } },
];

const begun = (winner_by: RaceWinner = 'ask'): EventDraft[] => [
  taskCreated('t1', { files: ['src/**'] }),
  taskCreated('t2', { dependencies: ['t1'] }),
  ...INSTANCES.flatMap(idle),
  {
    type: 'race.started',
    data: {
      id: 't1',
      winner_by,
      mode: null,
      racers: INSTANCES.map((instance) => ({ id: racerOf(instance), instance, agent: instance.replace(/-1$/u, '') })),
    },
  },
  ...INSTANCES.map((instance): EventDraft => {
    return { type: 'task.assigned', data: { id: racerOf(instance), instance, pinned: true, reason: 'races for t1' } };
  }),
];

const runOf = (instance: string): EventDraft[] => [
  { type: 'run.started', data: { id: racerOf(instance), instance, branch: `b-${instance}`, start_commit: 'c0' } },
];
const passes = (instance: string, insertions: number): EventDraft[] => [
  ...runOf(instance),
  { type: 'run.claimed', data: { id: racerOf(instance), summary: null } },
  {
    type: 'run.verified',
    data: {
      id: racerOf(instance),
      result: { head_commit: 'c1', commits: 1, files: 1, insertions, deletions: 0, check_ms: 5, check_output: '' },
    },
  },
];
const fails = (instance: string): EventDraft[] => [
  ...runOf(instance),
  { type: 'run.failed', data: { id: racerOf(instance), failure: { class: 'check', message: 'it ended with 1' } } },
];

const verdictIn = (state: State) => verdictOf(state.tasks['t1']!, state.tasks, () => 0);
const options = { now: AT };

test('a race is one task to lists, counts and merges, and its racers begin each on their own instance', () => {
  const state = stateOf(...begun());
  expect(plan(state, options)).toEqual(
    INSTANCES.map((instance) => ({ kind: 'start', task: racerOf(instance), instance })),
  );
  expect(swarmStatus(state).tasks).toMatchObject({ total: 2 });
  const groups = groupTasks(state);
  expect([groups.running, groups.waiting, groups.queued].map((tasks) => tasks.map(({ id }) => id))).toEqual([
    ['t1'],
    ['t2'],
    [],
  ]);
  const over = stateOf(...begun(), ...passes('claude-1', 3));
  expect(Object.values(over.tasks).filter(isMergeable)).toEqual([]);
});

test('it says how many are done, and waits for a person when all are', () => {
  const half = stateOf(...begun(), ...passes('claude-1', 3), ...fails('codex-1'));
  expect(raceWord(half.tasks['t1']!, half.tasks)).toBe('race 2/3 done');
  expect(verdictIn(half)).toBeUndefined();
  const all = stateOf(...begun(), ...passes('claude-1', 3), ...fails('codex-1'), ...passes('kiro-1', 2));
  expect(raceWord(all.tasks['t1']!, all.tasks)).toBe('race over, choose');
  expect(waitsForChoice(all.tasks['t1']!, all.tasks)).toBe(true);
  expect(verdictIn(all)).toBeUndefined();
});

test.each<[RaceWinner, string | null]>([
  ['first-green', 'claude-1'],
  ['smallest', 'kiro-1'],
])('the rule %s takes %s', (rule, winner) => {
  const state = stateOf(...begun(rule), ...passes('claude-1', 3), ...fails('codex-1'), ...passes('kiro-1', 2));
  expect(verdictIn(state)?.winner).toBe(racerOf(winner!));
});

test('the run of the winner is that of the task, and what the others have left is put away before they begin anything', () => {
  const before = stateOf(...begun(), ...passes('claude-1', 3), ...fails('codex-1'), ...runOf('kiro-1'));
  const ends = raceEndFacts(before, before.tasks['t1']!, { winner: racerOf('claude-1'), reason: 'chosen by Ada' });
  const state = stateOf(...begun(), ...passes('claude-1', 3), ...fails('codex-1'), ...runOf('kiro-1'), ...ends);
  expect(state.tasks['t1']).toMatchObject({ state: 'done', run: { instance: 'claude-1', branch: 'b-claude-1' } });
  expect(state.tasks[racerOf('claude-1')]).toMatchObject({ run: null });
  expect(state.tasks[racerOf('kiro-1')]).toMatchObject({ state: 'cancelled' });
  expect(
    Object.values(state.tasks)
      .filter(isMergeable)
      .map(({ id }) => id),
  ).toEqual(['t1']);
  expect(unsettledRacers(state).map(({ racer }) => racer)).toEqual([racerOf('codex-1'), racerOf('kiro-1')]);
  const asked = stateOf(...[...begun(), ...passes('claude-1', 3), ...fails('codex-1'), ...runOf('kiro-1'), ...ends], {
    type: 'task.requested',
    data: { ids: ['t2'], agent: 'kiro' },
  });
  expect(plan(asked, options).map(({ kind }) => kind)).toEqual(['settle-racer', 'settle-racer']);
});

const outcome = fc.constantFrom('passes', 'fails', 'runs', 'waits');

test('whatever the racers do and whichever rule holds, a race ends with at most one winner, who has passed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('ask', 'first-green', 'smallest'),
      fc.tuple(outcome, outcome, outcome),
      (rule, outs) => {
        const facts = outs.flatMap((out, i): EventDraft[] => {
          const instance = INSTANCES[i]!;
          if (out === 'passes') return passes(instance, i + 1);
          if (out === 'fails') return fails(instance);
          return out === 'runs' ? runOf(instance) : [];
        });
        const state = stateOf(...begun(rule), ...facts);
        const { passed, isOver } = standingOf(state.tasks['t1']!, state.tasks);
        expect(isOver).toBe(outs.every((out) => out === 'passes' || out === 'fails'));
        const verdict = verdictIn(state);
        if (verdict?.winner) expect(passed.map(({ id }) => id)).toContain(verdict.winner);
        if (verdict?.winner === null) expect([isOver, passed]).toEqual([true, []]);
        if (!verdict) expect(!isOver || waitsForChoice(state.tasks['t1']!, state.tasks)).toBe(true);
        const ended = stateOf(
          ...[...begun(rule), ...facts],
          ...raceEndFacts(state, state.tasks['t1']!, verdict ?? { winner: null, reason: 'given up' }),
        );
        expect(Object.values(ended.tasks).filter(isMergeable).length).toBe(verdict?.winner ? 1 : 0);
        expect(Object.values(ended.tasks).filter(({ state: now }) => now === 'running')).toEqual([]);
      },
    ),
  );
});
