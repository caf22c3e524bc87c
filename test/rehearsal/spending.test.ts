import { expect, test } from 'vitest';
import { burn, openHoard } from '../../src/rehearsal/runaway.ts';
import { openPurse, spendingOf } from '../../src/rehearsal/spend.ts';

test.each([
  ['1200+300 $0.05', { input: 1200, output: 300, usd: 0.05 }],
  ['1200', { input: 1200, output: 100, usd: null }],
  ['', { input: 1000, output: 100, usd: null }],
  ['a lot', { input: 1000, output: 100, usd: null }],
])('"%s" is read as what it says, or as a little', (text, spent) => expect(spendingOf(text)).toEqual(spent));

test('what is spent is told in totals, and money that was once unknown stays so', () => {
  const told: unknown[] = [];
  const spend = openPurse((event, details) => void told.push([event, details]));
  spend({ input: 10, output: 1, usd: 0.5 });
  spend({ input: 10, output: 1, usd: 0.25 });
  spend({ input: 10, output: 1, usd: null });
  spend({ input: 10, output: 1, usd: 1 });
  expect(told).toMatchObject([
    ['Usage', { turns: 1, usd: 0.5, models: { rehearsal: { input_tokens: 10, output_tokens: 1 } } }],
    ['Usage', { turns: 2, usd: 0.75, models: { rehearsal: { input_tokens: 20 } } }],
    ['Usage', { turns: 3, usd: null }],
    ['Usage', { turns: 4, usd: null, context: { used_tokens: 44 } }],
  ]);
});

test('memory is taken, and a core is kept busy until it is enough or somebody interrupts it', async () => {
  const before = process.memoryUsage().arrayBuffers;
  const take = openHoard();
  take(5 * 1024 * 1024 + 1);
  expect(process.memoryUsage().arrayBuffers - before).toBeGreaterThanOrEqual(5 * 1024 * 1024);
  const stop = new AbortController();
  await burn('0.05s', stop);
  const burning = burn('for ever', stop);
  stop.abort(new Error('interrupted'));
  await expect(burning).rejects.toThrow('interrupted');
});
