import { expect, test } from 'vitest';
import { isInstalled, openClaudeSwarm, until } from './place.ts';
import { MAKE, usageIs } from './usage.ts';

const real = test.skipIf(!isInstalled('claude'));

const EACH = { input_tokens: 1000, output_tokens: 40, cache_read_tokens: 5000, cache_write_tokens: 200 };
const PRICE = { input: 5, output: 25, cache_read: 0.5, cache_write: 6.25 };

real(
  'what the real Claude Code used is what its model said, sub-agents, a restart and a new daemon included',
  async () => {
    await using place = await openClaudeSwarm({ prices: { 'claude-*': PRICE } });
    const { swarm } = place;
    await place.begin(`${MAKE} %%task @@bash git log -1 @@say sub ready %%say all done`);
    await place.taskIs('done');
    const first = await usageIs(place, EACH);
    expect(first).toMatchObject({
      usd: expect.closeTo(first.turns === 0 ? 0 : (first.output_tokens / 40) * 0.00975, 6),
      unpriced_tokens: 0,
    });
    await swarm.reopen();
    await swarm.say('restart instance claude-1');
    await place.instanceIs('idle');
    await swarm.say('tell claude-1 "%%say hello again"');
    await place.shows('hello again');
    await place.instanceIs('idle');
    // Nothing is counted twice, and what was said to nobody's task is no task's.
    const { usage } = await until(swarm, (state) => state.usage.swarm.output_tokens === first.output_tokens + 40);
    expect(usage.tasks['t1']).toEqual(first);
    expect(usage.instances['claude-1']!.turns).toBe(first.turns + 1);
  },
);
