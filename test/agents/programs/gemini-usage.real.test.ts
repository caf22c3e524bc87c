import { expect, test } from 'vitest';
import { isInstalled, openGeminiSwarm } from './place.ts';
import { MAKE, usageIs } from './usage.ts';

const real = test.skipIf(!isInstalled('gemini'));

const EACH = { input_tokens: 1200, output_tokens: 33, cache_read_tokens: 0, cache_write_tokens: 0 };

real('what the real Gemini CLI used is what its model said, and money that nobody told is unknown', async () => {
  await using place = await openGeminiSwarm();
  await place.begin(`${MAKE} %%say all done`);
  await place.taskIs('done');
  const used = await usageIs(place, EACH);
  expect(used).toMatchObject({ turns: 1, usd: 0, unpriced_tokens: 3 * 1233 });
  const reply = await place.swarm.say('cost instance gemini-1');
  expect(reply.data).toMatchObject([{ id: 'gemini-1', tokens: 3 * 1233, usd: null }]);
});
