import { z } from 'zod';
import { entryOf } from '../lib/entry.ts';
import { valuesOf } from '../lib/records.ts';
import { usdText } from '../state/budgets.ts';
import type { Budget } from '../state/cost-settings.ts';
import type { State } from '../state/index.ts';
import { type ContextFill, NOTHING, type Spending, spendingSchema, sumSpending, totalTokens } from '../state/usage.ts';
import type { Cell, Table } from './table.ts';

const contextSchema = z.object({
  used_tokens: z.number().int(),
  window_tokens: z.number().int().nullable(),
  percent: z.number().nullable(),
});

const costFields = spendingSchema.omit({ usd: true }).extend({
  id: z.string(),
  tokens: z.number().int().describe('Of all kinds'),
  usd: z.number().nullable().describe('What is known of the money, in US dollars; null when nothing is known'),
  budget: z
    .object({ usd: z.number().nullable(), tokens: z.number().nullable(), used_percent: z.number() })
    .nullable()
    .describe('Its limits, and how much of the nearer one is used up'),
});

/** What an instance, a task or the whole swarm has used. */
export const costRowSchema = costFields;
export type CostRow = z.infer<typeof costRowSchema>;

export const instanceCostSchema = costFields.extend({
  agent: z.string(),
  context: contextSchema.nullable().describe('How full its conversation is, where its agent tells'),
});
export type InstanceCost = z.infer<typeof instanceCostSchema>;

export const taskCostSchema = costFields.extend({ title: z.string() });
export type TaskCost = z.infer<typeof taskCostSchema>;

/** The money spent; null, and not zero, where tokens were used and no price is known. */
const usdOf = ({ usd, unpriced_tokens }: Spending): number | null => (usd === 0 && unpriced_tokens > 0 ? null : usd);

const percent = (part: number): number => Math.round(part * 1000) / 10;

const budgetOf = (used: Spending, { usd, tokens }: Budget): CostRow['budget'] => {
  if (usd === undefined && tokens === undefined) return null;
  const parts = [usd === undefined ? 0 : used.usd / usd, tokens === undefined ? 0 : totalTokens(used) / tokens];
  return { usd: usd ?? null, tokens: tokens ?? null, used_percent: percent(Math.max(...parts)) };
};

export const costRow = (id: string, used: Spending, budget: Budget): CostRow => {
  const { usd: _usd, ...counts } = used;
  return { id, ...counts, tokens: totalTokens(used), usd: usdOf(used), budget: budgetOf(used, budget) };
};

const fillOf = (fill: ContextFill | null): InstanceCost['context'] => {
  if (!fill) return null;
  const { used_tokens, window_tokens } = fill;
  return { ...fill, percent: window_tokens === null ? null : percent(used_tokens / window_tokens) };
};

export const instanceCost = ({ usage, instances }: State, id: string, budget: Budget): InstanceCost => {
  const { context: fill, ...used } = entryOf(usage.instances, id) ?? { ...NOTHING, context: null };
  return { ...costRow(id, used, budget), agent: instances[id]?.agent ?? '', context: fillOf(fill) };
};

/** What a task has used, with what was used by all who raced for it. */
const spentOn = ({ usage, tasks }: State, id: string): Spending => {
  const own = entryOf(usage.tasks, id) ?? NOTHING;
  if (!entryOf(tasks, id)?.race) return own;
  return valuesOf(tasks)
    .flatMap((racer) => (racer.race_of === id ? (entryOf(usage.tasks, racer.id) ?? []) : []))
    .reduce(sumSpending, own);
};

export const taskCost = (state: State, id: string, budget: Budget): TaskCost => ({
  ...costRow(id, spentOn(state, id), budget),
  title: state.tasks[id]?.title ?? '',
});

/** 950, 12.3k, 4.56M. */
export const tokensText = (count: number): string => {
  if (count < 1000) return String(count);
  const [size, unit] = count < 999_500 ? [count / 1000, 'k'] : [count / 1_000_000, 'M'];
  return `${size >= 100 ? Math.round(size) : Number(size.toPrecision(3))}${unit}`;
};

/** The known money, with a question mark behind it when the price of some tokens is not known. */
export const moneyText = ({ usd, unpriced_tokens }: Pick<CostRow, 'usd' | 'unpriced_tokens'>): string =>
  usd === null ? 'unknown' : `${usdText(usd)}${unpriced_tokens > 0 ? ' + ?' : ''}`;

/** What was spent, in as few words as there are: the money, or the tokens where no price is known; empty where nothing was used. */
export const spentText = (spending: Spending): string => {
  const tokens = totalTokens(spending);
  if (spending.usd > 0) return moneyText(spending);
  return tokens === 0 ? '' : `${tokensText(tokens)} tokens`;
};

const contextText = (fill: InstanceCost['context']): string => {
  if (!fill) return '-';
  const used = tokensText(fill.used_tokens);
  return fill.percent === null || fill.window_tokens === null
    ? used
    : `${used} of ${tokensText(fill.window_tokens)} (${Math.round(fill.percent)}%)`;
};

/** `6.2k tokens in 2 turns, $0.12`. */
export const costText = (row: CostRow): string =>
  `${tokensText(row.tokens)} tokens in ${row.turns} turn${row.turns === 1 ? '' : 's'}, ${row.usd === null ? 'money unknown' : moneyText(row)}`;

/** The same with how full the conversation is; empty when nothing was used. */
export const instanceCostText = (row: InstanceCost): string =>
  row.tokens === 0 && row.turns === 0
    ? ''
    : `${costText(row)}${row.context ? `, context ${contextText(row.context)}` : ''}`;

const toneOf = ({ budget }: CostRow): Cell['tone'] & string =>
  budget === null ? 'dim' : budget.used_percent >= 100 ? 'bad' : budget.used_percent >= 80 ? 'busy' : 'good';

const HEAD = ['tokens', 'input', 'output', 'cache read', 'cache write', 'turns', 'money', 'budget'];

const cells = (row: CostRow): Cell[] => [
  { text: tokensText(row.tokens) },
  { text: tokensText(row.input_tokens) },
  { text: tokensText(row.output_tokens) },
  { text: tokensText(row.cache_read_tokens) },
  { text: tokensText(row.cache_write_tokens) },
  { text: String(row.turns) },
  { text: moneyText(row) },
  { text: row.budget === null ? '-' : `${Math.round(row.budget.used_percent)}%`, tone: toneOf(row) },
];

const LEAST = ['cache write', 'cache read', 'title', 'turns', 'input', 'output'];

/** Instances with what they used; other rows, such as a sum, come last. */
export const instanceCostTable = (rows: readonly InstanceCost[], last: readonly CostRow[] = []): Table => ({
  head: ['instance', ...HEAD, 'context'],
  rows: [
    ...rows.map((row) => [{ text: row.id }, ...cells(row), { text: contextText(row.context) }]),
    ...last.map((row) => [{ text: row.id, tone: 'dim' as const }, ...cells(row), { text: '' }]),
  ],
  least: LEAST,
  empty: 'No agent has told of anything that it used.',
});

export const taskCostTable = (rows: readonly TaskCost[]): Table => ({
  head: ['task', ...HEAD, 'title'],
  rows: rows.map((row) => [{ text: row.id }, ...cells(row), { text: row.title }]),
  least: LEAST,
  empty: 'No task has used anything that was told of.',
});
