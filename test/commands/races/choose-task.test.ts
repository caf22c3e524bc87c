import { expect, test } from 'vitest';
import { openRaceDesk } from './racing.ts';

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
