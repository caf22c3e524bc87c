import { expect, test } from 'vitest';
import { isInstalled, openCodexSwarm, until } from './place.ts';
import { MAKE, usageIs } from './usage.ts';

const real = test.skipIf(!isInstalled('codex'));

const EACH = { input_tokens: 1200, output_tokens: 33, cache_read_tokens: 0, cache_write_tokens: 0 };

real('what the real Codex used is what its model said, a conversation that is gone on with included', async () => {
  await using place = await openCodexSwarm({ settings: { prices: { scripted: { input: 10, output: 100 } } } });
  await place.begin(`${MAKE} %%say all done`);
  await place.taskIs('done');
  const first = await usageIs(place, EACH);
  expect(first).toMatchObject({ turns: 1, usd: expect.closeTo(3 * 0.0153, 6), unpriced_tokens: 0 });
  await place.swarm.say('restart instance codex-1');
  await place.instanceIs('idle');
  await place.swarm.say('tell codex-1 "%%say hello again"');
  const { usage } = await until(place.swarm, (state) => state.usage.swarm.output_tokens === first.output_tokens + 33);
  expect(usage.tasks['t1']).toEqual(first);
  expect(usage.instances['codex-1']).toMatchObject({ turns: 2, context: { window_tokens: expect.any(Number) } });
});
