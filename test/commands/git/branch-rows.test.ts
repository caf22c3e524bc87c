import { expect, test } from 'vitest';
import { listBranch } from '../../../src/commands/git/list-branch.ts';
import { showBranch } from '../../../src/commands/git/show-branch.ts';
import type { Git } from '../../../src/ports/index.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, failed, instance, requested, resultAt } from '../../tasks/journal.ts';

const started = (instance_id: string, branch: string): EventDraft => ({
  type: 'run.started',
  data: { id: 't1', instance: instance_id, branch, start_commit: 'c0' },
});
const verified = (commit: string): EventDraft => ({
  type: 'run.verified',
  data: { id: 't1', result: resultAt(commit) },
});
const reopened: EventDraft = { type: 'task.reopened', data: { id: 't1', reason: 'retry' } };
const merged = (id: string, branch: string, commit: string): readonly EventDraft[] => [
  { type: 'batch.started', data: { id, target: 'drover/integration', base_commit: 'c0', tasks: ['t1'] } },
  { type: 'batch.merged', data: { id, task: 't1', branch, commit: `m-${commit}`, head: commit } },
  { type: 'batch.finished', data: { id } },
];
const rolledBack = (id: string): readonly EventDraft[] => [
  { type: 'batch.rollback_started', data: { id, method: 'revert', from_commit: 'm', to_commit: 'c0' } },
  { type: 'batch.rolled_back', data: { id } },
  reopened,
];
const twoAgents = [...instance('a-1'), ...instance('a-2'), created('t1')];

/** Commands on branches of a repository that has these, each at a commit of its own name. */
const openBranches = (branches: readonly string[], facts: readonly EventDraft[], aheadOfMerges = 1) =>
  openDesk([listBranch, showBranch], facts, {
    git: partOf<Git>({
      resolve: async (name) => (name.endsWith('main') ? 'c0' : name.endsWith('integration') ? 'c-begun' : null),
      currentBranch: async () => 'main',
      worktrees: async () => [],
      branches: async () =>
        branches.map((branch) => ({
          branch,
          commit: `c-${branch}`,
          committed_at: '2026-01-01T00:00:00Z',
          subject: 'x',
        })),
      divergence: async (from) => ({ ahead: from === 'c0' ? 1 : aheadOfMerges, behind: 0 }),
      isAncestor: async () => false,
      changes: async () => ({ commits: 1, files: 1, insertions: 1, deletions: 0 }),
    }),
    settings: settingsSchema.parse({ branches: { base: 'main' } }),
  });

type Row = Readonly<Record<'branch' | 'task_word' | 'instance', string>> & { readonly attempt: number };
const rowsOf = (data: unknown) =>
  (data as readonly Row[]).map(({ branch, attempt, task_word, instance: by }) => [branch, attempt, task_word, by]);

test('a branch of an earlier attempt tells what that came to and who made it, and not of the task as it is now', async () => {
  const desk = openBranches(
    ['b1', 'b2', 'b3', 'b4'],
    [
      ...twoAgents,
      ...[started('a-1', 'b1'), failed('t1'), started('a-2', 'b2')],
      ...[verified('c-b2'), ...merged('batch-1', 'b2', 'c-b2'), ...rolledBack('batch-1')],
      ...[started('a-1', 'b3'), reopened, requested('t1'), assigned('t1', 'a-2')],
      ...[started('a-2', 'b4'), verified('c-b4'), ...merged('batch-2', 'b4', 'c-b4')],
    ],
  );
  const { data, text } = await desk.say('list branches');
  expect(rowsOf(data)).toEqual([
    ['b1', 1, 'failed: check', 'a-1'],
    ['b2', 2, 'rolled back', 'a-2'],
    ['b3', 3, 'taken away', 'a-1'],
    ['b4', 4, 'merged', 'a-2'],
  ]);
  expect(text).toMatch(/^b1 +failed: check +t1, attempt 1 of 4 +a-1 +no /mu);
  const first = await desk.say('show branch b1');
  expect(first.text).toMatch(/^task: +t1, attempt 1 of 4: failed: check\ninstance: +a-1$/mu);
  expect(first.data).toMatchObject({
    task: 't1',
    attempt: 1,
    attempts: 4,
    task_word: 'failed: check',
    instance: 'a-1',
  });
});

test('an attempt that was good stays so when its task is done anew; of the only one no number is told', async () => {
  const good = [...twoAgents, started('a-1', 'b1'), verified('c-b1')];
  expect((await openBranches(['b1'], good).say('list branches')).text).toMatch(/^b1 +done +t1 +a-1 /mu);
  const anew = openBranches(
    ['b1', 'b2'],
    [...good, reopened, assigned('t1', 'a-2'), started('a-2', 'b2'), failed('t1')],
  );
  expect(rowsOf((await anew.say('list branches')).data)).toEqual([
    ['b1', 1, 'done', 'a-1'],
    ['b2', 2, 'failed: check', 'a-2'],
  ]);
});

test('work that was sent back says so, and who goes on with a branch is who made it last', async () => {
  const sentBack: readonly EventDraft[] = [
    { type: 'review.sent_back', data: { task: 't1', commit: 'c-b1', by: 'cli', comments: [] } },
    {
      type: 'task.sent_back',
      data: { id: 't1', reason: 'sent back', instruction: { branch: 'b1', by: 'cli', text: 'again' } },
    },
  ];
  const desk = openBranches(['b1'], [...twoAgents, started('a-1', 'b1'), verified('c-b1'), ...sentBack]);
  expect(rowsOf((await desk.say('list branches')).data)).toEqual([['b1', 1, 'sent back', 'a-1']]);
  desk.add(assigned('t1', 'a-2'), started('a-2', 'b1'));
  expect(rowsOf((await desk.say('list branches')).data)).toEqual([['b1', 2, 'running', 'a-2']]);
  desk.add({ type: 'run.claimed', data: { id: 't1', summary: null, by_hand: 'cli' } }, verified('c-b1'));
  expect((await desk.say('show branch b1')).text).toMatch(/^instance: +a-2, then you by hand$/mu);
});

test('a branch on which nothing was committed yet is not merged, although all that it has is', async () => {
  const begun: EventDraft = {
    type: 'run.started',
    data: { id: 't1', instance: 'a-1', branch: 'begun', start_commit: 'c-begun' },
  };
  const desk = openBranches(['begun', 'other'], [...twoAgents, begun, failed('t1'), started('a-2', 'other')], 0);
  const { data, message } = await desk.say('list branches');
  expect(message).toMatch(/^2 branches of the swarm, 1 merged;/u);
  expect((data as readonly { branch: string; merged: boolean }[]).map((row) => [row.branch, row.merged])).toEqual([
    ['begun', false],
    ['other', true],
  ]);
});
