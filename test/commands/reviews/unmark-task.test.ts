import { expect, test } from 'vitest';
import { markTask } from '../../../src/commands/reviews/mark-task.ts';
import { unmarkTask } from '../../../src/commands/reviews/unmark-task.ts';
import { openReviewDesk } from './work.ts';

test('marks can be taken away again', async () => {
  const { desk } = openReviewDesk([markTask, unmarkTask]);
  await desk.say('mark t1');
  expect(await desk.say('unmark t1 file=src/a.ts')).toMatchObject({ message: 'src/a.ts of t1: not seen.' });
  expect(desk.state.reviews['t1']?.seen).toEqual({ 'test/a.test.ts': '3333333' });
});
