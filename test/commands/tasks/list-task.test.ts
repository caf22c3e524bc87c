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

test('with detailed each task has below it what is known beside the columns', async () => {
  const desk = openDesk(listTask, [created('t1'), created('t2', { dependencies: ['t1'], check: 'npm test' })]);
  expect((await desk.say('list tasks')).text).not.toContain('check: npm test');
  const { text } = await desk.say('list tasks detailed');
  expect(text).toMatch(/^t2 +waits for t1 .*\n(?: {4}.*\n)* {4}after: t1\n {4}check: npm test$/mu);
});
