import { expect, test } from 'vitest';
import { costTask } from '../../../src/commands/watching/cost-task.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, instance } from '../../tasks/journal.ts';

const usage = {
  type: 'usage.measured',
  data: {
    instance_id: 'c-1',
    conversation: 'abc',
    task: '1',
    models: { m: { input_tokens: 1000, output_tokens: 40, cache_read_tokens: 0, cache_write_tokens: 0 } },
    turns: 1,
    usd: 0.25,
    unpriced_tokens: 0,
    context: { used_tokens: 500, window_tokens: 1000 },
  },
} as const;

test('what tasks used in all their runs is told', async () => {
  const desk = openDesk(costTask, [...instance('c-1'), created('1'), created('2'), usage]);
  const { message, data, text } = await desk.say('cost tasks');
  expect([message, data]).toMatchObject([
    '2 tasks.',
    [
      { id: '1', tokens: 1040, turns: 1 },
      { id: '2', tokens: 0 },
    ],
  ]);
  expect(text).toMatch(/^1 +1\.04k .* Title of 1$/m);
});

test('a task that is not there is an error', async () => {
  expect((await openDesk(costTask).say('cost task 1')).exit).toBe(3);
});
