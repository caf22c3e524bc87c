import { expect, test } from 'vitest';
import { openRaceDesk } from './racing.ts';

test('the racers stand side by side, with what can be said next', async () => {
  const desk = openRaceDesk();
  const reply = await desk.say('show race t1');
  expect(reply).toMatchObject({
    exit: 0,
    message: 't1 Sort the list, race 1/2 done.',
    data: {
      state: 'running',
      racers: [
        { id: 't1@claude-1', passed: true, gate: 'passed', files: 2, insertions: 3, check_ms: 900 },
        { id: 't1@codex-1', passed: false, gate: '', files: null, word: 'running' },
      ],
      suggestions: [
        { command: 'review task t1@claude-1', what: 'look at its work' },
        { command: 'choose task t1@claude-1', what: 'take it as the winner' },
      ],
    },
  });
  expect((await desk.say('show race t1@codex-1')).data).toEqual(reply.data);
  expect(await desk.say('show race t9')).toMatchObject({ exit: 3 });
});
