import { expect, test } from 'vitest';
import { conflictsOf } from '../../../src/commands/git/conflicts.ts';
import { archiveTask } from '../../../src/commands/tasks/archive-task.ts';
import { unarchiveTask } from '../../../src/commands/tasks/unarchive-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, started, verified } from '../../tasks/journal.ts';

const archived = (id: string) => ({ type: 'task.archived', data: { id, archived: true } }) as const;

test('archived tasks come back into the lists, all of them or those that are named', async () => {
  const desk = openDesk(unarchiveTask, [created('1'), created('2'), created('3'), archived('1'), archived('2')]);
  expect(await desk.say('unarchive task 1')).toMatchObject({ message: 'Brought back 1.', data: ['1'] });
  expect((await desk.say('unarchive all tasks')).data).toEqual(['2']);
  expect(desk.state.tasks['2']!.archived).toBe(false);
});

test('a task that is not archived stays as it is, and one that is not there is an error', async () => {
  const desk = openDesk(unarchiveTask, [created('1')]);
  expect((await desk.say('unarchive task 1')).message).toBe('They are not archived.');
  expect((await desk.say('unarchive task 2')).exit).toBe(3);
  expect((await desk.say('unarchive all tasks')).message).toBe('No task is archived.');
  expect(desk.recorded()).toEqual([]);
});

test('a task that was set aside is told of again when it comes back, as long as its conflict is open', async () => {
  const message = 'it conflicts with t2 in a.ts';
  const batch: EventDraft[] = [
    {
      type: 'batch.started',
      data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: ['t1'] },
    },
    { type: 'batch.set_aside', data: { id: 'batch-1', task: 't1', reason: 'conflict', message, files: ['a.ts'] } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  ];
  const done = [created('t1'), assigned('t1', 'r-1'), started('t1', 'r-1'), verified('t1')];
  const desk = openDesk([archiveTask, unarchiveTask], [...done, ...batch]);
  const open = () => conflictsOf(desk.state).map((one) => one.open);
  await desk.say('archive all tasks');
  expect([open(), Object.keys(desk.state.alerts)]).toEqual([[false], []]);
  await desk.say('unarchive all tasks');
  expect(open()).toEqual([true]);
  expect(desk.state.alerts['aside:t1']).toMatchObject({
    text: `t1 was set aside from batch-1: ${message}`,
    suggestion: 'show conflict t1',
  });
});
