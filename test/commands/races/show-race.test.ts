import { expect, test } from 'vitest';
import { unchecked } from '../../tasks/journal.ts';
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

test('a racer whose work no check and no gate has looked at is not said to have passed any', async () => {
  const desk = openRaceDesk();
  desk.add(unchecked('t1@codex-1'));
  const reply = await desk.say('show race t1');
  expect(reply.data).toMatchObject({
    racers: [
      { gate: 'passed', word: 'passed' },
      { gate: 'nothing ran on it', word: 'done, unchecked', passed: true },
    ],
  });
  expect(reply.text).toMatch(/^t1@codex-1 +done, unchecked +nothing ran on it/mu);
});
