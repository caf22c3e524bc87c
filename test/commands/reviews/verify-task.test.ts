import { expect, test } from 'vitest';
import { reviewTask } from '../../../src/commands/reviews/review-task.ts';
import { verifyTask } from '../../../src/commands/reviews/verify-task.ts';
import type { ReviewData } from '../../../src/text/review-data.ts';
import { openReviewDesk, verified } from './work.ts';

test('a word without what it is about is refused with what is missing, in plain words', async () => {
  const { desk } = openReviewDesk([verifyTask, reviewTask]);
  const hint = 'For example: verify task 3.1 criterion=1.2 "seen in the browser"';
  expect(await desk.say('verify task t1')).toMatchObject({
    exit: 2,
    message: 'verify task: the criterion and the text are not said.',
    hint,
  });
  expect(await desk.say('verify task t1 criterion=1.2')).toMatchObject({
    exit: 2,
    message: 'verify task: the text is not said.',
    hint,
  });
  expect((await desk.say('verify task t1 criterion=1.2 ""')).message).toBe('verify task: text: say what shows it.');
});

test('[GIT-11] a person or another instance vouches for a criterion, whoever did the work cannot', async () => {
  const { desk, commit } = openReviewDesk([verifyTask, reviewTask]);
  const words = async () =>
    ((await desk.say('review t1')).data as ReviewData).criteria.map(({ evidence }) =>
      evidence.filter(({ kind }) => kind === 'word').map(({ where, text }) => `${where}: ${text}`),
    );
  expect(await desk.sayAs('claude-1', 'verify task t1 criterion=1.2 "I did it"')).toMatchObject({ exit: 4 });
  expect(await words()).toEqual([[], []]);
  expect(await desk.sayAs('kiro-1', 'verify task t1 criterion=1.2 "the log says so"')).toMatchObject({ exit: 0 });
  expect(await words()).toEqual([[], ['kiro-1: the log says so']]);
  expect(await desk.say('verify task t1 criterion=9.9 "x"')).toMatchObject({ exit: 3 });
  // What was seen in one commit says nothing of the next one.
  commit('c3');
  desk.add(verified('c3'));
  expect(await words()).toEqual([[], []]);
});
