import { expect, test } from 'vitest';
import { unarchiveTask } from '../../../src/commands/tasks/unarchive-task.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created } from '../../tasks/journal.ts';

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
