import { expect, test } from 'vitest';
import { mergeBatch } from '../../../src/daemon/integration/merge-batch.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import { gitTimedOut } from '../../../src/git/errors.ts';
import { type EventDraft, reduceAll, type State } from '../../../src/state/index.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { numbered, taskCreated } from '../../state/story.ts';

test('a batch whose worktree git cannot find is ended all the same, with what git said at each task', async () => {
  const target = 'drover/integration';
  let state = stateOf(taskCreated('1'), taskCreated('2'), {
    type: 'batch.started',
    data: { id: 'batch-1', target, base_commit: 'c', tasks: ['1', '2'] },
  });
  const log: string[] = [];
  const worktrees = async () => {
    throw gitTimedOut({ command: 'worktree list', seconds: 60 });
  };
  const services = {
    ...servicesOn({ git: { worktrees } }),
    store: {
      get state() {
        return state;
      },
    },
    decide: async (facts: (now: State) => readonly EventDraft[]) => {
      state = reduceAll(state, numbered(facts(state), state.seq + 1));
    },
    log: (line: string) => void log.push(line),
    signal: new AbortController().signal,
  } as unknown as DaemonServices;
  await mergeBatch(services, 'batch-1');
  const message = '"git worktree list" did not end within 60 s and was stopped';
  expect(state.batches['batch-1']).toMatchObject({
    state: 'finished',
    merged: [],
    set_aside: ['1', '2'].map((task) => ({ task, reason: 'error', message, files: [] })),
  });
  expect(log).toEqual([expect.stringContaining('batch-1 could not go on: "git worktree list" did not end')]);
});
