import { expect, test } from 'vitest';
import { openRaceDesk, passedAgain, racingAgain } from './racing.ts';

test('who has passed wins: the others are stopped after a question, and the task is done by its run', async () => {
  const desk = openRaceDesk();
  expect(await desk.say('choose task t1@codex-1')).toMatchObject({ exit: 6, message: /only a racer that has passed/u });
  expect(await desk.say('choose task t1')).toMatchObject({
    exit: 6,
    message: /a racer is chosen/u,
    hint: 'Name one of them: choose task t1@claude-1',
  });
  expect(await desk.propose('choose t1@claude-1')).toMatchObject({
    exit: 5,
    message: 'This stops t1@codex-1; what they have committed is archived.',
  });
  expect(await desk.say('pick t1@claude-1')).toMatchObject({ exit: 0, data: { task: 't1', winner: 't1@claude-1' } });
  expect(desk.state.tasks['t1']).toMatchObject({ state: 'done', run: { instance: 'claude-1' } });
  expect(desk.state.tasks['t1@codex-1']).toMatchObject({ state: 'cancelled' });
  expect(await desk.say('choose task t1@claude-1')).toMatchObject({ exit: 6, message: /is won by t1@claude-1/u });
});

test('a racer of a race that was given up does not win the one that was begun after it', async () => {
  const desk = openRaceDesk();
  await desk.say('cancel race t1');
  desk.add(...racingAgain);
  const refused = {
    exit: 6,
    message: 't1@claude-1 is of an earlier race for t1; only a racer of the race that goes on can win.',
    hint: 'None of them has passed its gates yet: show race t1',
  };
  expect(await desk.say('choose task t1@claude-1')).toMatchObject(refused);
  desk.add(passedAgain);
  expect(await desk.say('choose task t1@claude-1')).toMatchObject({
    ...refused,
    hint: 'Name one of them: choose task t1@claude-1.2',
  });
  expect(desk.state.tasks['t1']?.race).toMatchObject({ ended_at: null });
  expect(await desk.propose('choose task t1@claude-1.2')).toMatchObject({ exit: 5 });
});

test.each([
  ['none', 'To merge the winner: merge branch t1'],
  ['before-merge', 'Before it is merged, look at it: review task t1; then: approve task t1'],
])('what follows a choice is possible with review %s', async (review, next) => {
  const desk = openRaceDesk({ review });
  expect((await desk.say('choose task t1@claude-1')).message).toBe(
    `t1@claude-1 wins: t1 is done. The work of t1@codex-1 is archived. ${next}`,
  );
});
