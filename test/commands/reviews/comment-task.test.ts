import { expect, test } from 'vitest';
import { commentTask } from '../../../src/commands/reviews/comment-task.ts';
import { openReviewDesk } from './work.ts';

test('[GIT-11] a comment keeps commit, file, line and the code that it is about', async () => {
  const { desk } = openReviewDesk(commentTask);
  expect(await desk.say('comment task t1 file=src/a.ts line=2 "why 2?"')).toMatchObject({
    exit: 0,
    message: 'c1 on src/a.ts:2 of t1.',
  });
  await desk.say('comment t1 file=src/a.ts line=2 side=old "it was fine"');
  const kept = desk.state.reviews['t1']?.comments.map(({ at: _at, ...rest }) => rest);
  const common = { file: 'src/a.ts', line: 2, by: 'cli', sent: false };
  expect(kept).toEqual([
    { ...common, id: 'c1', commit: 'c2', side: 'new', code: 'second(2);', text: 'why 2?' },
    { ...common, id: 'c2', commit: 'c0', side: 'old', code: 'second();', text: 'it was fine' },
  ]);
});

test('a line or a file that is not there is refused, and so is an agent', async () => {
  const { desk } = openReviewDesk(commentTask);
  expect(await desk.say('comment t1 file=src/a.ts line=4 "x"')).toMatchObject({
    exit: 3,
    message: 'src/a.ts has no line 4 in c2.',
  });
  expect(await desk.say('comment t1 file=src/b.ts line=1 "x"')).toMatchObject({ exit: 2 });
  expect(await desk.sayAs('claude-1', 'comment t1 file=src/a.ts line=1 "x"')).toMatchObject({ exit: 4 });
  expect(desk.recorded()).toEqual([]);
});
