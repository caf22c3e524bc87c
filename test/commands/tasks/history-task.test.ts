import { expect, test } from 'vitest';
import { historyTask } from '../../../src/commands/tasks/history-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, claimed, created, failed, instance, started, verified } from '../../tasks/journal.ts';

const begun = (attempt: { instance: string; branch: string; mode: string | null }): EventDraft => ({
  type: 'run.started',
  data: { id: '1', start_commit: 'base', ...attempt },
});

test('[REC-4] an attempt that begins with the commits of one before says so', async () => {
  const desk = openDesk(historyTask, [
    ...instance('c-1'),
    created('1'),
    assigned('1', 'c-1'),
    started('1', 'c-1'),
    failed('1'),
    {
      type: 'run.started',
      data: { id: '1', instance: 'c-1', branch: 'feature/1-2', start_commit: 'base', goes_on_from: 'feature/1' },
    },
  ]);
  expect((await desk.say('history task 1')).data).toMatchObject([
    { approach: 'on a branch of its own, feature/1' },
    { approach: 'on a branch of its own, feature/1-2, which begins with the commits of attempt 1' },
  ]);
});

test('[REC-4] each attempt of a task is told with who made it, its approach and how it ended', async () => {
  const desk = openDesk(historyTask, [
    ...instance('c-1'),
    created('1'),
    created('2'),
    assigned('1', 'c-1'),
    started('1', 'c-1'),
    failed('1'),
    begun({ instance: 'gone', branch: 'feature/1', mode: 'tdd' }),
    claimed('1'),
    verified('1'),
  ]);
  const { message, data } = await desk.say('history task 1');
  expect(message).toBe('2 attempts of 1 task.');
  expect(data).toMatchObject([
    {
      task: '1',
      attempt: 1,
      instance: 'c-1',
      approach: 'on a branch of its own, feature/1',
      result: 'check: it failed',
    },
    {
      ...{ task: '1', attempt: 2, instance: 'gone', agent: null },
      approach: 'tdd mode, goes on on the branch of attempt 1',
      result: 'verified: 1 commit, 1 file, +1 −0',
    },
  ]);
  expect((await desk.say('tasks history')).data).toEqual(data);
  expect((await desk.say('history task 2')).message).toBe('0 attempts of 0 tasks.');
});

test('an attempt that ended at the commit of one before it is not said to be verified anew', async () => {
  const desk = openDesk(historyTask, [
    ...instance('c-1'),
    created('1'),
    assigned('1', 'c-1'),
    started('1', 'c-1'),
    verified('1'),
    {
      type: 'task.sent_back',
      data: { id: '1', reason: 'x', instruction: { branch: 'feature/1', by: 'ada', text: 'q' } },
    },
    assigned('1', 'c-1'),
    started('1', 'c-1'),
    verified('1'),
  ]);
  expect((await desk.say('history task 1')).data).toMatchObject([
    { result: 'verified: 1 commit, 1 file, +1 −0' },
    { result: 'nothing changed since it was sent back: 1 commit, 1 file, +1 −0' },
  ]);
});

test('an attempt whose merge was rolled back says so', async () => {
  const merged = { id: 'batch-1', task: '1', branch: 'feature/1', commit: 'm', head: 'abc' };
  const desk = openDesk(historyTask, [
    ...[...instance('c-1'), created('1'), started('1', 'c-1'), verified('1')],
    { type: 'batch.started', data: { id: 'batch-1', target: 'main', base_commit: 'c', tasks: ['1'] } },
    { type: 'batch.merged', data: merged },
    { type: 'batch.finished', data: { id: 'batch-1' } },
    { type: 'batch.rollback_started', data: { id: 'batch-1', method: 'reset', from_commit: 'm', to_commit: 'c' } },
    { type: 'batch.rolled_back', data: { id: 'batch-1' } },
    { type: 'task.reopened', data: { id: '1', reason: 'batch-1 was rolled back' } },
  ]);
  expect((await desk.say('history task 1')).data).toMatchObject([
    { result: 'verified: 1 commit, 1 file, +1 −0, merged and rolled back' },
  ]);
});
