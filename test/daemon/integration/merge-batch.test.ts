import { expect, test } from 'vitest';
import { giveUpBatch, mergeBatch } from '../../../src/daemon/integration/merge-batch.ts';
import { giveUpRollback, rollbackBatch } from '../../../src/daemon/integration/rollback-batch.ts';
import { unjoinableReason } from '../../../src/tasks/unjoinable.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import { gitTimedOut } from '../../../src/git/errors.ts';
import { brokerLost } from '../../../src/process/errors.ts';
import { type EventDraft, reduceAll, type State } from '../../../src/state/index.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { numbered, taskCreated } from '../../state/story.ts';

const target = 'drover/integration';
const started: EventDraft & { type: 'batch.started' } = {
  type: 'batch.started',
  data: { id: 'batch-1', target, base_commit: 'c', tasks: ['1', '2'] },
};

/** Services whose state is folded from what is decided, on such a git. */
const stageFrom =
  (first: EventDraft) =>
  (git: object, ...facts: readonly EventDraft[]) => {
    let state = stateOf(taskCreated('1'), taskCreated('2'), first, ...facts);
    const log: string[] = [];
    const services = {
      ...servicesOn({ git }),
      store: {
        get state() {
          return state;
        },
      },
      decide: async (decide: (now: State) => readonly EventDraft[]) => {
        state = reduceAll(state, numbered(decide(state), state.seq + 1));
      },
      log: (line: string) => void log.push(line),
      signal: new AbortController().signal,
    } as unknown as DaemonServices;
    return { services, log, batch: () => services.store.state.batches['batch-1'] };
  };
const stage = stageFrom(started);

test('a batch whose worktree git cannot find is ended all the same, with what git said at each task', async () => {
  const worktrees = async () => {
    throw gitTimedOut({ command: 'worktree list', seconds: 60 });
  };
  const { services, log, batch } = stage({ worktrees });
  await mergeBatch(services, 'batch-1');
  const message = '"git worktree list" did not end within 60 s and was stopped';
  expect(batch()).toMatchObject({
    state: 'finished',
    merged: [],
    set_aside: ['1', '2'].map((task) => ({ task, reason: 'error', message, files: [] })),
  });
  expect(log).toEqual([expect.stringContaining('batch-1 could not go on: "git worktree list" did not end')]);
});

const publishing: EventDraft = {
  type: 'batch.publishing',
  data: { id: 'batch-1', to_commit: 'd', merged: [{ task: '1', branch: 'b', commit: 'd' }] },
};
const onBranch = { resolve: async () => 'd', isAncestor: async () => true };

test('a task whose prerequisites could not be joined begins after all when they are all merged, and not before', async () => {
  const blocked = (id: string, ...dependencies: readonly string[]): readonly EventDraft[] => [
    taskCreated(id, { dependencies: [...dependencies] }),
    { type: 'task.requested', data: { ids: [id] } },
    { type: 'task.blocked', data: { id, reason: unjoinableReason(['a.js']) } },
    {
      type: 'alert.raised',
      data: { ...{ id: `blocked:${id}`, severity: 'error', text: 'x', suggestion: null }, instance: null, task: id },
    },
  ];
  const other: EventDraft = { type: 'task.blocked', data: { id: '5', reason: 'no disk' } };
  const facts = [...blocked('3', '1'), ...blocked('4', '1', '2'), taskCreated('5', { dependencies: ['1'] }), other];
  const { services } = stage({ ...onBranch, worktrees: async () => [] }, publishing, ...facts);
  await giveUpBatch(services, 'batch-1', new Error('ended'));
  const { tasks, alerts } = services.store.state;
  expect(tasks['3']).toMatchObject({ state: 'open', requested: true, blocked_by: null });
  expect([tasks['4']!.state, tasks['5']!.state]).toEqual(['blocked', 'blocked']);
  expect([alerts['blocked:3'], alerts['blocked:4']]).toEqual([undefined, expect.anything()]);
});

test('what is on the branch already is told as merged when something else ends the batch', async () => {
  const worktrees = async () => {
    throw gitTimedOut({ command: 'worktree list', seconds: 60 });
  };
  const { services, batch } = stage({ worktrees, ...onBranch }, publishing);
  await mergeBatch(services, 'batch-1');
  expect(batch()).toMatchObject({ state: 'finished', merged: [{ task: '1' }], set_aside: [{ task: '2' }] });
});

test('a batch that lost the helper goes on where it is begun again, and is ended when that is given up', async () => {
  const worktrees = async () => {
    throw brokerLost({ file: 'git' });
  };
  const { services, batch } = stage({ worktrees, ...onBranch }, publishing);
  await expect(mergeBatch(services, 'batch-1')).rejects.toMatchObject({ code: 'process/broker-lost' });
  expect(batch()).toMatchObject({ state: 'running', merged: [], set_aside: [] });
  await giveUpBatch(services, 'batch-1', brokerLost({ file: 'git' }));
  expect(batch()).toMatchObject({ state: 'finished', merged: [{ task: '1' }], set_aside: [{ task: '2' }] });
});

test.each([
  { tip: 'c', end: { state: 'finished', rollback: { problem: expect.stringContaining('the helper that runs') } } },
  { tip: 'a', end: { state: 'rolled-back', rollback: { problem: null } } },
])('a rollback that lost the helper is begun again, and ended by where its branch is ($tip)', async ({ tip, end }) => {
  let lost = true;
  const answer = async <T>(value: T): Promise<T> => {
    if (lost) throw brokerLost({ file: 'git' });
    return value;
  };
  const git = { worktrees: () => answer([]), resolve: () => answer(tip), isAncestor: () => answer(true) };
  const { services, batch } = stage(
    git,
    { type: 'batch.finished', data: { id: 'batch-1' } },
    {
      type: 'batch.rollback_started',
      data: { id: 'batch-1', method: 'reset', from_commit: 'c', to_commit: 'a' },
    },
  );
  await expect(rollbackBatch(services, 'batch-1')).rejects.toMatchObject({ code: 'process/broker-lost' });
  expect(batch()).toMatchObject({ state: 'rolling-back' });
  lost = false;
  await giveUpRollback(services, 'batch-1', brokerLost({ file: 'git' }));
  expect(batch()).toMatchObject(end);
});

test.each([
  { tip: 'c', delivery: { state: 'delivered', problem: null } },
  {
    tip: 'base',
    delivery: { state: 'refused', problem: '"git worktree list" did not end within 60 s and was stopped' },
  },
])('[STO-7] a batch that ended early is told as delivered where it was ($tip)', async ({ tip, delivery }) => {
  const worktrees = async () => {
    throw gitTimedOut({ command: 'worktree list', seconds: 60 });
  };
  const git = { worktrees, resolve: async () => tip, isAncestor: async () => false };
  const delivering = stageFrom({ ...started, data: { ...started.data, deliver_to: 'main' } });
  const { services, batch } = delivering(git, {
    type: 'batch.delivering',
    data: { id: 'batch-1', branch: 'main', from_commit: 'base', to_commit: 'c' },
  });
  await mergeBatch(services, 'batch-1');
  expect(batch()).toMatchObject({ state: 'finished', delivery });
});

test('what ends a batch early that has nothing left to set aside is recorded with the batch', async () => {
  const worktrees = async () => {
    throw gitTimedOut({ command: 'worktree list', seconds: 60 });
  };
  const settled: EventDraft = {
    type: 'batch.set_aside',
    data: { id: 'batch-1', task: '2', reason: 'conflict', message: 'conflict in a.ts', files: ['a.ts'] },
  };
  const { services, batch } = stage({ worktrees, ...onBranch }, publishing, settled);
  await mergeBatch(services, 'batch-1');
  expect(batch()).toMatchObject({
    state: 'finished',
    merged: [{ task: '1' }],
    set_aside: [{ task: '2' }],
    problem: '"git worktree list" did not end within 60 s and was stopped',
  });
});
