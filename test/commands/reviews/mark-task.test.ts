import { expect, test } from 'vitest';
import { markTask } from '../../../src/commands/reviews/mark-task.ts';
import { openReviewDesk } from './work.ts';

test('files are marked as seen with what they hold now, one or all', async () => {
  const { desk } = openReviewDesk(markTask);
  expect(await desk.say('mark task t1 file=src/a.ts')).toMatchObject({ message: 'src/a.ts of t1: seen.' });
  expect(desk.state.reviews['t1']?.seen).toEqual({ 'src/a.ts': '2222222' });
  expect(await desk.say('mark t1')).toMatchObject({ message: '2 files of t1: seen.' });
  expect(desk.state.reviews['t1']?.seen).toEqual({ 'src/a.ts': '2222222', 'test/a.test.ts': '3333333' });
  expect(await desk.say('mark t1 file=src/b.ts')).toMatchObject({ exit: 3 });
});
