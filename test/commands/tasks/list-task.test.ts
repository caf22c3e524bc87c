import { expect, test } from 'vitest';
import { listTask } from '../../../src/commands/tasks/list-task.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created } from '../../tasks/journal.ts';

test('what is held back is not ready, in its row as in the list of what is', async () => {
  const desk = openDesk(listTask, [
    created('t1'),
    created('t2'),
    { type: 'task.held', data: { id: 't2', held: true } },
  ]);
  const rows = (await desk.say('list tasks')).data as readonly { id: string; word: string; ready: boolean }[];
  expect(rows.map(({ id, word, ready }) => [id, word, ready])).toEqual([
    ['t1', 'ready', true],
    ['t2', 'held back', false],
  ]);
  expect((await desk.say('list ready tasks')).data).toMatchObject([{ id: 't1' }]);
});
