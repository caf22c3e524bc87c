import { expect, test } from 'vitest';
import type { Verified } from '../../../src/daemon/integration/waiting-tasks.ts';
import { catchUpWithBranch, publish } from '../../../src/daemon/integration/publish.ts';
import { mergeable } from '../../../src/daemon/integration/waiting-tasks.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import { type EventDraft, reduceAll, type State } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { batchNodes } from '../../../src/text/batch-graph.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { numbered, taskCreated } from '../../state/story.ts';

const run = (id: string): EventDraft => ({
  type: 'run.started',
  data: { id, instance: 'a-1', branch: `feature/${id}`, start_commit: 'c0' },
});
const verified = (id: string, head_commit: string): EventDraft => ({
  type: 'run.verified',
  data: {
    id,
    result: { head_commit, commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 1, check_output: '' },
  },
});
const sentBack = (id: string): EventDraft => ({
  type: 'task.sent_back',
  data: { id, reason: 'review', instruction: { branch: `feature/${id}`, by: 'cli', text: 'x' } },
});
const done = (id: string, ...dependencies: string[]) => [
  taskCreated(id, { dependencies }),
  run(id),
  verified(id, `c-${id}`),
];
const begun: EventDraft = {
  type: 'batch.started',
  data: { id: 'batch-1', target: 'drover/integration', base_commit: 'base', tasks: ['1', '2', '3'] },
};

/** A batch of three tasks that were verified, the second built on the first, on a branch that moves. */
const openBatch = (review: 'none' | 'before-merge' = 'none') => {
  let state = stateOf(...done('1'), ...done('2', '1'), ...done('3'), begun);
  let tip = 'base';
  const git = {
    resolve: async () => tip,
    isAncestor: async (commit: string) => commit === tip,
    moveBranch: async (_branch: string, _from: string, to: string) => {
      tip = to;
      return true;
    },
  };
  const add = (drafts: readonly EventDraft[]): void => {
    state = reduceAll(state, numbered(drafts, state.seq + 1));
  };
  const settings = settingsSchema.parse({ agent: 'rehearsal', review });
  const services = {
    ...servicesOn({ git }),
    settings,
    store: {
      get state() {
        return state;
      },
    },
    decide: async (decide: (now: State) => readonly EventDraft[]) => add(decide(state)),
  } as unknown as DaemonServices;
  const layer = (id: string) => ({ task: state.tasks[id] as Verified, commit: `m-${id}` });
  return {
    services,
    settings,
    layer,
    add: (...drafts: readonly EventDraft[]) => add(drafts),
    batch: () => services.store.state.batches['batch-1']!,
    state: () => services.store.state,
    tip: () => tip,
  };
};

test('work that was sent back while it was judged is not published, nor what was put on top of it', async () => {
  const { services, settings, layer, add, batch, state, tip } = openBatch();
  const good = ['1', '2', '3'].map(layer);
  add(sentBack('1'));
  expect(await publish(services, batch(), { good, asides: [] })).toEqual([]);
  expect([tip(), batch().merged, batch().publishing]).toEqual(['base', [], null]);
  // It is left out, and what is built on it with it: neither is spoiled.
  const message = 'its work was sent back meanwhile';
  const left = { task: '1', reason: 'withdrawn' as const, message, files: [] };
  expect(mergeable(state(), batch(), '1', settings)).toEqual({ aside: left });
  expect(mergeable(state(), { ...batch(), set_aside: [left] }, '2', settings)).toMatchObject({
    aside: { reason: 'dependency' },
  });
  await publish(services, batch(), { good: [layer('3')], asides: [left] });
  expect([tip(), batch().merged, Object.keys(state().alerts)]).toMatchObject(['m-3', [{ task: '3', head: 'c-3' }], []]);
  expect(['1', '3'].map((id) => state().tasks[id]!.batch)).toEqual([null, 'batch-1']);
});

test('a merge counts for the commit that it took, and for no later attempt of its task', async () => {
  const { services, layer, add, batch, state } = openBatch();
  const { task, commit } = layer('1');
  const merged = [{ task: '1', branch: task.run.branch, commit, head: task.run.result.head_commit }];
  // Between the two the branch moves: nobody can hold that up.
  add({ type: 'batch.publishing', data: { id: 'batch-1', to_commit: commit, merged } }, sentBack('1'), run('1'));
  await services.home.git.moveBranch('drover/integration', 'base', commit);
  await catchUpWithBranch(services, batch());
  expect([batch().merged, batch().head_commit]).toEqual([merged, commit]);
  expect(state().tasks['1']).toMatchObject({ state: 'running', batch: null, merge_commit: null });
  add(verified('1', 'c-anew'));
  expect(state().tasks['1']).toMatchObject({ state: 'done', batch: null });
});

test('an attempt that is done anew while the one before it was judged is not blamed for that one', async () => {
  const { services, layer, add, batch, state } = openBatch();
  const blamed = layer('1');
  add(sentBack('1'), run('1'), verified('1', 'c-anew'));
  const asides = [{ task: '1', reason: 'gate' as const, message: 'red', files: [] }];
  await publish(services, batch(), { good: [], blamed, asides });
  expect([state().tasks['1']!.state, batch().set_aside]).toEqual(['done', []]);
});

test('with review: before-merge a batch leaves out what nobody has approved as it is now', () => {
  const { settings, add, batch, state } = openBatch('before-merge');
  const approved = (commit: string): EventDraft => ({
    type: 'review.approved',
    data: { task: '3', commit, by: 'cli' },
  });
  add(approved('c-3'));
  expect(mergeable(state(), batch(), '3', settings)).toMatchObject({ task: { id: '3' } });
  add(sentBack('3'), run('3'), verified('3', 'c-anew'));
  expect(mergeable(state(), batch(), '3', settings)).toEqual({
    aside: { task: '3', reason: 'withdrawn', message: 'nobody has approved its work as it is now', files: [] },
  });
});

test('[GIT-11] a batch merges the attempts that it took, and says at once which it leaves out', () => {
  const { settings, add, batch, state } = openBatch();
  const took = Object.fromEntries(['1', '2', '3'].map((id) => [id, { attempt: 1, head: `c-${id}` }]));
  const taken = () => ({ ...batch(), took });
  const waiting = () => batchNodes(state(), taken()).filter(({ kind }) => kind === 'waiting');
  expect([mergeable(state(), taken(), '1', settings), waiting().length]).toMatchObject([{ task: { id: '1' } }, 3]);
  add(sentBack('1'));
  expect(waiting().map(({ task }) => task)).toEqual(['2', '3']);
  // The same commit, verified once more, was sent back all the same.
  for (const head of ['c-anew', 'c-1']) {
    add(run('1'), verified('1', head));
    const message = 'its work has gone on since the batch took it';
    const aside = { task: '1', reason: 'withdrawn', message, files: [] };
    expect(mergeable(state(), taken(), '1', settings)).toEqual({ aside });
    expect(batchNodes(state(), taken()).find(({ task }) => task === '1')).toMatchObject({
      kind: 'aside',
      why: message,
    });
  }
});
