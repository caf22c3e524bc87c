import { expect, test } from 'vitest';
import { budgetFacts } from '../../src/state/budgets.ts';
import { budgetsSchema } from '../../src/state/cost-settings.ts';
import { type EventDraft, emptyState, reduceAll, type State } from '../../src/state/index.ts';
import { measuredFacts, priceOf, type UsageReading } from '../../src/state/pricing.ts';
import { type Tokens, totalTokens } from '../../src/state/usage.ts';
import { instanceCreated, numbered, taskCreated } from './story.ts';

const BEGUN: readonly EventDraft[] = [
  instanceCreated('claude-1'),
  instanceCreated('claude-2', 1),
  taskCreated('t1'),
  taskCreated('t2'),
  { type: 'instance.started', data: { instance_id: 'claude-1', session: 's', pane: '%1', pid: 1 } },
  { type: 'task.assigned', data: { id: 't1', instance: 'claude-1', pinned: false, reason: '' } },
  { type: 'run.started', data: { id: 't1', instance: 'claude-1', branch: 'b', start_commit: 'c' } },
];
const after = (state: State, drafts: readonly EventDraft[]): State => reduceAll(state, numbered(drafts, state.seq + 1));
const begun = after(emptyState, BEGUN);

const tokens = (input: number, output: number, read = 0, write = 0): Tokens => ({
  input_tokens: input,
  output_tokens: output,
  cache_read_tokens: read,
  cache_write_tokens: write,
});
const reading = (models: Record<string, Tokens>, more: Partial<UsageReading> = {}): UsageReading => ({
  conversation: 'c1',
  models,
  turns: 1,
  usd: null,
  context: null,
  ...more,
});
const PRICES = { opus: { input: 10, output: 100 }, 'claude-*': { input: 1, output: 1, cache_read: 1, cache_write: 1 } };
const measured = (state: State, read: UsageReading, task: string | null = 't1', instance = 'claude-1'): State =>
  after(state, measuredFacts(state, { instance, task, prices: PRICES }, read));

test('totals that are told again are not counted again, and what is new belongs to the task of now', () => {
  const once = measured(begun, reading({ opus: tokens(100_000, 10_000) }));
  expect(once.usage.swarm).toEqual({ ...tokens(100_000, 10_000), turns: 1, usd: 2, unpriced_tokens: 0 });
  expect(measured(once, reading({ opus: tokens(100_000, 10_000) }))).toBe(once);
  const more = measured(once, reading({ opus: tokens(200_000, 10_000) }, { turns: 2 }), 't2');
  expect(more.usage.tasks).toEqual({
    t1: once.usage.swarm,
    t2: { ...tokens(100_000, 0), turns: 1, usd: 1, unpriced_tokens: 0 },
  });
  expect(more.usage.instances['claude-1']).toMatchObject({ ...tokens(200_000, 10_000), turns: 2, usd: 3 });
  // A counter that begins anew does not take anything away, and what was recorded stays what it cost then.
  const fallen = measured(more, reading({ opus: tokens(50, 20_000) }, { turns: 3 }), null);
  expect(fallen.usage.swarm).toMatchObject({ ...tokens(200_000, 20_000), turns: 3, usd: 4 });
  expect(fallen.usage.tasks).toEqual(more.usage.tasks);
});

test('money is what the agent reckons, or what the prices say, or unknown', () => {
  const told = measured(begun, reading({ opus: tokens(1, 1) }, { usd: 0.5 }));
  expect(told.usage.swarm).toMatchObject({ usd: 0.5, unpriced_tokens: 0 });
  const dearer = measured(told, reading({ opus: tokens(1, 1) }, { usd: 0.75 }));
  expect(dearer.usage.swarm.usd).toBe(0.75);
  const part = measured(begun, reading({ opus: tokens(100_000, 0, 70, 8), other: tokens(3, 2) }));
  expect(part.usage.swarm).toMatchObject({ usd: 1, unpriced_tokens: 83 });
});

test('a price is that of the very name, else of the longest pattern', () => {
  const prices = { 'a*': { input: 1, output: 1 }, 'a-b*': { input: 2, output: 2 }, 'a-b.c': { input: 3, output: 3 } };
  expect(['a', 'a-bc', 'a-b.c', 'xa', 'toString'].map((name) => priceOf(prices, name)?.input)).toEqual([
    1,
    2,
    3,
    undefined,
    undefined,
  ]);
});

test('nothing is recorded of nothing, nor of an instance that is not there', () => {
  const of = { instance: 'claude-1', task: null, prices: {} };
  expect(measuredFacts(begun, of, reading({ opus: tokens(0, 0) }, { turns: 0 }))).toEqual([]);
  expect(measuredFacts(begun, { ...of, instance: 'gone-1' }, reading({ opus: tokens(1, 1) }))).toEqual([]);
  const known = measuredFacts(begun, { ...of, task: 'gone' }, reading({ opus: tokens(1, 1) }));
  expect(known).toMatchObject([{ data: { task: null } }]);
});

test('what removed ones used stays in the sum of all', () => {
  const used = measured(begun, reading({ opus: tokens(5, 5) }));
  const left = after(used, [
    { type: 'budget.used', data: { budget: 'task:t1', level: 'warned', usd: 1, tokens: null } },
    { type: 'budget.used', data: { budget: 'instance:claude-1', level: 'used', usd: 1, tokens: null } },
    { type: 'instance.removed', data: { instance_id: 'claude-1' } },
    { type: 'instance.removed', data: { instance_id: 'claude-2' } },
    { type: 'task.removed', data: { id: 't1' } },
    { type: 'task.removed', data: { id: 't2' } },
  ]);
  expect(left.usage).toEqual({ ...emptyState.usage, swarm: used.usage.swarm });
});

const use = (usd: number, state = begun): State => measured(state, reading({ opus: tokens(1, 1) }, { usd }));
const looked = (state: State, budgets: object): State => after(state, budgetFacts(state, budgetsSchema.parse(budgets)));

test('a budget is warned of at its share, told of when it is used up, each once, and cleared when it is raised', () => {
  const budgets = { task: { usd: 10 } };
  expect(looked(use(7.9), budgets).alerts).toEqual({});
  const warned = looked(use(8), budgets);
  expect(warned.alerts['budget:task:t1']).toMatchObject({
    severity: 'warning',
    text: 'task t1 has used at least 80 % of its budget of $10.00',
    suggestion: 'set config budgets.task.usd 15',
    task: 't1',
  });
  expect(looked(warned, budgets)).toBe(warned);
  // Somebody puts the alert away: it does not come back for the same share.
  const put = after(warned, [{ type: 'alert.cleared', data: { id: 'budget:task:t1', because: 'seen' } }]);
  expect(looked(put, budgets)).toBe(put);
  const full = looked(use(12, put), budgets);
  expect(full.alerts['budget:task:t1']).toMatchObject({ severity: 'error', text: expect.stringContaining('used up') });
  expect(full.instances['claude-1']!.hold).toBeNull();
  const raised = looked(full, { task: { usd: 100 } });
  expect([raised.alerts, raised.usage.budgets]).toEqual([{}, {}]);
  expect(looked(looked(full, {}), budgets).alerts).toHaveProperty(['budget:task:t1']);
});

test('an alert about a budget stays true while more is used, and what it proposes makes room', () => {
  const alertIn = ({ alerts }: State) => alerts['budget:swarm'];
  const small = { swarm: { usd: 0.05 } };
  const told = looked(use(0.05), small);
  expect(alertIn(told)).toMatchObject({
    text: 'the swarm has used up its budget of $0.050',
    suggestion: 'set config budgets.swarm.usd 0.075',
  });
  // A little more changes nothing that it says.
  expect(looked(use(0.055, told), small).alerts).toEqual(told.alerts);
  const more = looked(use(0.15, told), small);
  expect(alertIn(more)).toMatchObject({ suggestion: 'set config budgets.swarm.usd 0.26' });
  expect(alertIn(looked(more, { swarm: { usd: 0.26 } }))).toBeUndefined();
  // Raised by too little it speaks of the budget that there is.
  expect(alertIn(looked(more, { swarm: { usd: 0.13 } }))).toMatchObject({
    text: 'the swarm has used up its budget of $0.13',
    suggestion: 'set config budgets.swarm.usd 0.2',
  });
  // Somebody put it away: it does not come back for that.
  const put = after(more, [{ type: 'alert.cleared', data: { id: 'budget:swarm', because: 'seen' } }]);
  expect(alertIn(looked(use(0.9, put), small))).toBeUndefined();
});

test('an alert about a budget says no longer that somebody is paused who was resumed', () => {
  const budgets = { instance: { usd: 10 }, action: 'pause' };
  const paused = looked(use(10), budgets);
  const textIn = ({ alerts }: State) => alerts['budget:instance:claude-1']!.text;
  expect(textIn(looked(paused, budgets))).toMatch(/; it is paused, until it is resumed$/);
  const resumed = after(paused, [{ type: 'instance.resumed', data: { instance_id: 'claude-1', evidence: 'goes on' } }]);
  expect(textIn(looked(resumed, budgets))).toBe('instance claude-1 has used up its budget of $10.00');
});

test('with the action pause, those concerned are paused once: who works on the task, the instance, or all', () => {
  const by = (scope: string) => looked(use(10), { [scope]: { usd: 10 }, action: 'pause' });
  const holds = ({ instances }: State) => Object.values(instances).map(({ hold }) => hold);
  expect(holds(by('task'))).toEqual(['pausing', null]);
  expect(by('task').tasks['t1']!.held).toBe(true);
  expect(holds(by('instance'))).toEqual(['pausing', null]);
  expect(holds(by('swarm'))).toEqual(['pausing', 'pausing']);
  expect(by('swarm').swarm.paused).toBe(true);
  expect(by('swarm').alerts['budget:swarm']!.text).toMatch(/it is paused, until it is resumed$/);
  const resumed = after(by('instance'), [
    { type: 'instance.resumed', data: { instance_id: 'claude-1', evidence: 'goes on' } },
  ]);
  expect(holds(looked(use(20, resumed), { instance: { usd: 10 }, action: 'pause' }))).toEqual([null, null]);
});

test('with the action pause, a task that is done is not held, and nobody who has ended is called paused', () => {
  const budgets = (scope: string) => ({ [scope]: { usd: 10 }, action: 'pause' });
  const result = { head_commit: 'c', commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 0, check_output: '' };
  const done = looked(after(use(10), [{ type: 'run.verified', data: { id: 't1', result } }]), budgets('task'));
  expect(done.tasks['t1']!.held).toBe(false);
  expect(done.alerts['budget:task:t1']!.text).toBe('task t1 has used up its budget of $10.00');
  const failed = { instance_id: 'claude-1', state: 'failed', source: 'drover' } as const;
  const ended = looked(after(use(10), [{ type: 'instance.moved', data: failed }]), budgets('instance'));
  expect(ended.alerts['budget:instance:claude-1']!.text).toBe('instance claude-1 has used up its budget of $10.00');
});

test('tokens are a budget as well, and money that is not known is spoken of', () => {
  const state = measured(begun, reading({ opus: tokens(90_000, 1000), other: tokens(900, 0) }));
  const text = (budgets: object) => looked(state, budgets).alerts['budget:swarm']?.text;
  expect(totalTokens(state.usage.swarm)).toBe(91_900);
  expect(text({ swarm: { tokens: 100_000 } })).toBe('the swarm has used at least 80 % of its budget of 100000 tokens');
  expect(text({ swarm: { usd: 0.5, tokens: 1_000_000 } })).toBe(
    'the swarm has used up its budget of $0.50; what some of its tokens cost is not known',
  );
  expect(text({ swarm: { usd: 0.5 }, warn_percent: 50 })).toBeDefined();
});
