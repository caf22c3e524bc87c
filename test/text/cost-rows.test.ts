import { expect, test } from 'vitest';
import type { ResourceUse } from '../../src/ports/machine.ts';
import { resourcesSchema } from '../../src/state/cost-settings.ts';
import { emptyState, reduceAll, type State } from '../../src/state/index.ts';
import { NOTHING, type Spending } from '../../src/state/usage.ts';
import {
  type CostRow,
  costRow,
  costText,
  instanceCost,
  instanceCostTable,
  instanceCostText,
  moneyText,
  taskCost,
  taskCostTable,
  tokensText,
} from '../../src/text/cost-rows.ts';
import { resourceRow, resourceTable, withResources } from '../../src/text/resource-rows.ts';
import { resourceText } from '../../src/text/resource-text.ts';
import { drawTable } from '../../src/text/table.ts';
import { AT, instanceCreated, numbered, taskCreated } from '../state/story.ts';

const state: State = reduceAll(emptyState, numbered([instanceCreated('claude-1'), taskCreated('t1')]));
const used = (changes: Partial<Spending>): Spending => ({ ...NOTHING, ...changes });
const view = { columns: 200, color: false };

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1k'],
  [12_345, '12.3k'],
  [128_600, '129k'],
  [999_499, '999k'],
  [999_500, '1M'],
  [4_560_000, '4.56M'],
  [123_456_789, '123M'],
])('%d tokens are shown as %s', (count, text) => expect(tokensText(count)).toBe(text));

test('money is known, known in part, or unknown, and never nothing for want of a price', () => {
  const text = (changes: Partial<Spending>): string => moneyText(costRow('x', used(changes), {}));
  expect(text({ usd: 1.5 })).toBe('$1.50');
  expect(text({ usd: 0.0123 })).toBe('$0.012');
  expect(text({ usd: 1.5, unpriced_tokens: 3 })).toBe('$1.50 + ?');
  expect(text({ unpriced_tokens: 3 })).toBe('unknown');
  expect(text({})).toBe('$0.00');
  expect(costText(costRow('x', used({ turns: 1, input_tokens: 5, unpriced_tokens: 5 }), {}))).toBe(
    '5 tokens in 1 turn, money unknown',
  );
});

test('of a budget the nearer limit counts', () => {
  const of = used({ usd: 5, input_tokens: 100 });
  expect(costRow('x', of, {}).budget).toBeNull();
  expect(costRow('x', of, { usd: 10 }).budget).toEqual({ usd: 10, tokens: null, used_percent: 50 });
  expect(costRow('x', of, { usd: 10, tokens: 110 }).budget).toEqual({ usd: 10, tokens: 110, used_percent: 90.9 });
});

test('what has used nothing says nothing, and a context is shown as far as it is known', () => {
  const none = instanceCost(state, 'claude-1', {});
  expect([none.agent, none.context, instanceCostText(none)]).toEqual(['claude', null, '']);
  const filled = (window_tokens: number | null): State => ({
    ...state,
    usage: {
      ...state.usage,
      instances: {
        'claude-1': { ...used({ output_tokens: 40, turns: 2 }), context: { used_tokens: 6240, window_tokens } },
      },
    },
  });
  expect(instanceCostText(instanceCost(filled(null), 'claude-1', {}))).toBe(
    '40 tokens in 2 turns, $0.00, context 6.24k',
  );
  expect(instanceCostText(instanceCost(filled(200_000), 'claude-1', {}))).toMatch(/context 6\.24k of 200k \(3%\)$/);
  expect(instanceCostText({ ...none, turns: 1 })).toBe('0 tokens in 1 turn, $0.00');
  expect(instanceCost(state, 'gone-1', {}).agent).toBe('');
  expect(taskCost(state, 'gone', {}).title).toBe('');
  expect(taskCost(state, 't1', {}).title).toBe('Task t1');
});

test('the tables have a line for each, with the sum at the end', () => {
  const row = (percent: number): CostRow => ({
    ...costRow('all', used({ input_tokens: 10 }), { tokens: 10 }),
    budget: { usd: null, tokens: 10, used_percent: percent },
  });
  const text = drawTable(instanceCostTable([instanceCost(state, 'claude-1', {})], [row(120), row(85), row(5)]), view);
  expect(text.split('\n')).toHaveLength(5);
  expect(text).toMatch(/^claude-1 .* -$/mu);
  expect(text).toMatch(/^all .*120%$/mu);
  const tones = instanceCostTable([], [row(120), row(85), row(5)]).rows.map((cells) => cells[8]!.tone);
  expect(tones).toEqual(['bad', 'busy', 'good']);
  expect(drawTable(taskCostTable([]), view)).toBe('No task has used anything that was told of.');
  expect(drawTable(taskCostTable([taskCost(state, 't1', {})]), view)).toContain('Task t1');
});

test('an instance has what was measured and what it may take at most', () => {
  const one = state.instances['claude-1']!;
  const use: ResourceUse = {
    ...{ instance_id: 'claude-1', cpu_percent: 43.4, cpu_average: null, memory_mb: 212.4, processes: 3, at: AT },
  };
  const none = resourcesSchema.parse({});
  expect(withResources(one, [], none)).toEqual(one);
  expect(resourceText(one)).toBe('');
  const measured = withResources(one, [use], resourcesSchema.parse({ memory_mb: 500, cpu_percent: 90 }));
  expect(measured.resource_allocation).toEqual({
    memory_mb: 212.4,
    processes: 3,
    cpu_percent: 43.4,
    memory_limit_mb: 500,
    cpu_limit_percent: 90,
  });
  expect(resourceText(measured)).toBe('43% of a core, 212 MB in 3 processes');
  const first = withResources(one, [{ ...use, cpu_percent: null, processes: 1 }], none);
  expect(resourceText(first)).toBe('212 MB in 1 process');
  const text = drawTable(
    resourceTable([resourceRow({ ...one, task_assignments: ['t1'] }, use), resourceRow(one, use)]),
    view,
  );
  expect(text).toMatch(/^claude-1 +43\.4% +… +212\.4 MB +3 +◌ creating +t1$/mu);
  expect(text).toMatch(/creating +-$/mu);
  expect(drawTable(resourceTable([]), view)).toMatch(/^No agent runs/);
});
