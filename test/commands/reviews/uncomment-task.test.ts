import { expect, test } from 'vitest';
import { commentTask } from '../../../src/commands/reviews/comment-task.ts';
import { returnTask } from '../../../src/commands/reviews/return-task.ts';
import { uncommentTask } from '../../../src/commands/reviews/uncomment-task.ts';
import { openReviewDesk } from './work.ts';

test('a comment can be taken back until its agent was told of it; its number is not used again', async () => {
  const { desk } = openReviewDesk([commentTask, uncommentTask, returnTask]);
  await desk.say('comment t1 file=src/a.ts line=1 "one"');
  expect(await desk.say('uncomment t1 comment=c1')).toMatchObject({
    exit: 0,
    message: 'c1 is gone.',
    hint: 'To say it again: comment task t1 file=src/a.ts line=1 "one"',
  });
  expect(await desk.say('uncomment t1 comment=c1')).toMatchObject({ exit: 3 });
  await desk.say('comment t1 file=src/a.ts line=1 "two"');
  await desk.say('return t1');
  expect(await desk.say('uncomment t1 comment=c2')).toMatchObject({ exit: 6 });
});
