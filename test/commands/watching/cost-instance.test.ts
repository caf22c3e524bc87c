import { expect, test } from 'vitest';
import { costInstance } from '../../../src/commands/watching/cost-instance.ts';
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

test('what instances used is told, with how full their conversations are', async () => {
  const desk = openDesk(costInstance, [...instance('c-1'), ...instance('c-2'), created('1'), usage]);
  const { message, data, text } = await desk.say('cost instances');
  expect(message).toBe('2 instances.');
  expect(data).toMatchObject([
    { id: 'c-1', tokens: 1040, usd: 0.25, context: { percent: 50 } },
    { id: 'c-2', tokens: 0 },
  ]);
  expect(text).toMatch(/^c-1 +1\.04k .*\$0\.25/m);
  expect((await desk.sayAs('c-1', 'cost instance c-1')).exit).toBe(0);
});

test('an instance that is not there is an error', async () => {
  expect((await openDesk(costInstance).say('cost instance c-1')).exit).toBe(3);
});
