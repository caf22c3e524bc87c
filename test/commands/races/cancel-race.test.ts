import { expect, test } from 'vitest';
import { openRaceDesk } from './racing.ts';

test('a race is given up after a question: the racers are stopped, and the task is open', async () => {
  const desk = openRaceDesk();
  expect(await desk.propose('cancel race t1')).toMatchObject({ exit: 5 });
  expect(await desk.say('cancel race t1')).toMatchObject({ exit: 0, data: { racers: ['t1@claude-1', 't1@codex-1'] } });
  expect(desk.state.tasks['t1']).toMatchObject({ state: 'open', race: { winner: null, reason: 'given up' } });
  expect(desk.state.tasks['t1@codex-1']).toMatchObject({ state: 'cancelled' });
  expect(await desk.say('cancel race t1')).toMatchObject({ exit: 6 });
});
