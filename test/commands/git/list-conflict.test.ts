import { expect, test } from 'vitest';
import { conflictsOf } from '../../../src/commands/git/conflicts.ts';
import { listConflict } from '../../../src/commands/git/list-conflict.ts';
import { listPlan } from '../../../src/commands/plans/list-plan.ts';
import { planRow } from '../../../src/commands/plans/plan-rows.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { emptyState, reduceAll } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { stateOf } from '../../state/fold.ts';
import { assigned, created, started, verified } from '../../tasks/journal.ts';
import { numbered, story, taskCreated } from '../../state/story.ts';

const radar = { now: () => [], looks: () => new Map(), examine: async () => [] };

test('what conflicts before a task starts and what is written elsewhere are conflicts too', () => {
  const state = reduceAll(
    emptyState,
    numbered([
      ...story,
      { type: 'task.blocked', data: { id: '3', reason: 'the branches of its prerequisites conflict in a.ts' } },
      ...(['blocked:3', 'blocked:2', 'contamination:claude-1'] as const).map((id) => ({
        type: 'alert.raised' as const,
        data: {
          id,
          severity: 'error' as const,
          text: `about ${id}`,
          suggestion: null,
          instance: null,
          task: id.startsWith('blocked') ? id.slice(-1) : null,
        },
      })),
    ]),
  );
  const view = { columns: 200, color: true };
  const drawn = listConflict.draw!(conflictsOf(state) as never, view, '');
  expect(drawn).toContain('\u001B[2mbatch-1/3');
  expect(drawn).toContain('\u001B[31mblocked:3');
  expect(listPlan.draw!([{ ...planRow(state, state.specs['login']!), running: 1 }] as never, view, '')).toContain(
    '\u001B[36m1',
  );
  expect(planRow(state, state.specs['login']!)).toMatchObject({ total: 3, done: 1, failed: 1, open: 1 });
  expect(conflictsOf(state).map(({ id, kind, open }) => [id, kind, open])).toEqual([
    ['batch-1/3', 'merge', false],
    ['blocked:3', 'prerequisites', true],
    ['contamination:claude-1', 'contamination', true],
  ]);
});

test('the list says how many are open; without a conflict that is said, and another state than open is refused', async () => {
  const desk = openDesk(listConflict, story, { radar });
  expect(await desk.say('list conflicts')).toMatchObject({
    message: '1 conflict, 0 open.',
    data: [{ id: 'batch-1/3' }],
  });
  expect((await desk.say('list open conflicts')).text).toBe('No conflict is known.');
  expect((await desk.say('list failed conflicts')).exit).toBe(2);
  // Nobody has compared what is finished.
  const finished = ['t8', 't9'].flatMap((id) => [
    created(id),
    assigned(id, 'claude-1'),
    started(id, 'claude-1'),
    verified(id),
  ]);
  const archived: EventDraft = { type: 'task.archived', data: { id: 't9', archived: true } };
  for (const facts of [finished, [...finished, archived]]) {
    const { text } = await openDesk(listConflict, facts, { radar }).say('list conflicts');
    expect(text).toBe('No conflict is known. How 2 finished branches merge: check integration');
  }
});

const result = { head_commit: 'c1', commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 5, check_output: '' };
const runBy = (instance: string): EventDraft[] => [
  { type: 'run.started', data: { id: '1', instance, branch: `feature/1-${instance}`, start_commit: 'c0' } },
  { type: 'run.verified', data: { id: '1', result } },
];
const batchStarted = (id: string): EventDraft => ({
  type: 'batch.started',
  data: { id, target: 'drover/integration', base_commit: 'c0', tasks: ['1'] },
});
const conflicting: readonly EventDraft[] = [
  taskCreated('1'),
  ...runBy('claude-1'),
  batchStarted('batch-1'),
  {
    type: 'batch.set_aside',
    data: { id: 'batch-1', task: '1', reason: 'conflict', message: 'conflict in a.ts', files: ['a.ts'] },
  },
];
const mergedLater: readonly EventDraft[] = [
  { type: 'task.reopened', data: { id: '1', reason: 'retry' } },
  ...runBy('kiro-2'),
  batchStarted('batch-2'),
  { type: 'batch.merged', data: { id: 'batch-2', task: '1', branch: 'feature/1-kiro-2', commit: 'c2' } },
];

test('a conflict names the instance whose branch conflicted, and the batch that merged the task later', () => {
  const conflictsAfter = (facts: readonly EventDraft[]) => conflictsOf(reduceAll(emptyState, numbered(facts)));
  expect(conflictsAfter(conflicting)).toMatchObject([{ instance: 'claude-1', open: true, merged_in: null }]);
  const resolved = conflictsAfter([...conflicting, ...mergedLater]);
  expect(resolved).toMatchObject([{ instance: 'claude-1', open: false, merged_in: 'batch-2' }]);
  const drawn = listConflict.draw!(resolved as never, { columns: 200, color: false }, '');
  expect(drawn).toContain('conflict in a.ts; merged later in batch-2');
  // Also without colours the list says which one is over.
  expect(drawn).toMatch(/^batch-1\/1 +merge +over +1 /mu);
  const before = listConflict.draw!(conflictsAfter(conflicting) as never, { columns: 200, color: false }, '');
  expect(before).toMatch(/^batch-1\/1 +merge +open +1 /mu);
  const back: EventDraft[] = [
    { type: 'batch.rollback_started', data: { id: 'batch-2', method: 'reset', from_commit: 'c2', to_commit: 'c0' } },
    { type: 'batch.rolled_back', data: { id: 'batch-2' } },
  ];
  expect(conflictsAfter([...conflicting, ...mergedLater, ...back])).toMatchObject([{ merged_in: null }]);
});

test('a conflict with what was taken back with its batch is over, until that is merged again', () => {
  const target = 'drover/integration';
  const began = (id: string, ...tasks: string[]): EventDraft => ({
    type: 'batch.started',
    data: { id, target, base_commit: 'c', tasks },
  });
  const merged = (id: string): EventDraft => ({
    type: 'batch.merged',
    data: { id, task: 't3', branch: 'feature/t3', commit: 'm', head: 'abc' },
  });
  const done = (id: string) => [created(id), assigned(id, 'claude-1'), started(id, 'claude-1'), verified(id)];
  const facts: EventDraft[] = [
    ...['t3', 't4'].flatMap(done),
    ...[began('batch-1', 't3', 't4'), merged('batch-1')],
    {
      type: 'conflict.examined',
      data: { ...{ batch: 'batch-1', task: 't4', ours: 'm', theirs: 'abc', with: ['t3'], note: null }, files: [] },
    },
    {
      type: 'batch.set_aside',
      data: { id: 'batch-1', task: 't4', reason: 'conflict', message: 'x', files: ['a.ts'], commit: 'abc' },
    },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  ];
  const back: EventDraft[] = [
    { type: 'batch.rollback_started', data: { id: 'batch-1', method: 'reset', from_commit: 'm', to_commit: 'c' } },
    { type: 'batch.rolled_back', data: { id: 'batch-1' } },
    { type: 'task.reopened', data: { id: 't3', reason: 'x' } },
  ];
  const again = [assigned('t3', 'claude-1'), started('t3', 'claude-1'), verified('t3')];
  const next = [began('batch-2', 't3'), merged('batch-2')];
  const isOpen = (...more: EventDraft[]) => conflictsOf(stateOf(...facts, ...more)).map(({ open }) => open);
  expect([isOpen(), isOpen(...back), isOpen(...back, ...again, ...next)]).toEqual([[true], [false], [true]]);
});
