import { z } from 'zod';
import { entryOf } from '../lib/entry.ts';
import type { instanceEvents } from './instances.ts';
import { reducer, withOthers } from './reducer.ts';
import type { taskEvents } from './tasks.ts';

const count = z.number().int().min(0);

/** Tokens of one kind of use. What was read from a cache or written to it is not counted as input again. */
const tokensSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
});
export type Tokens = z.infer<typeof tokensSchema>;

export const NO_TOKENS: Tokens = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
const KINDS = Object.keys(NO_TOKENS) as readonly (keyof Tokens)[];

export const totalTokens = (tokens: Tokens): number => KINDS.reduce((sum, kind) => sum + tokens[kind], 0);

const money = { usd: z.number().min(0), unpriced_tokens: count };

/** Spending so far. `usd` is the known part of the money; `unpriced_tokens` are tokens whose price nobody told. */
export const spendingSchema = tokensSchema.extend({ turns: count, ...money });
export type Spending = z.infer<typeof spendingSchema>;

export const NOTHING: Spending = { ...NO_TOKENS, turns: 0, usd: 0, unpriced_tokens: 0 };

const contextSchema = z.object({
  used_tokens: count,
  /** How much it takes, where the agent says so. */
  window_tokens: count.nullable(),
});
/** How full the conversation of an agent is. */
export type ContextFill = z.infer<typeof contextSchema>;

const countedSchema = z.object({
  instance_id: z.string(),
  /** Totals of this conversation, by model. */
  models: z.record(z.string(), tokensSchema),
  turns: count,
  ...money,
});

const levels = z.enum(['warned', 'used']);

export const usageSchema = z.object({
  /**
   * By instance and conversation: the totals that its agent told last, so that what is told again is not counted again.
   */
  conversations: z.record(z.string(), countedSchema),
  instances: z.record(z.string(), spendingSchema.extend({ context: contextSchema.nullable() })),
  tasks: z.record(z.string(), spendingSchema),
  /** Of all that ever was, instances and tasks that were removed included. */
  swarm: spendingSchema,
  /** How far budgets were used when it was told of last, by `swarm`, `task:ID` and `instance:ID`. */
  budgets: z.record(z.string(), z.object({ level: levels, usd: z.number().nullable(), tokens: z.number().nullable() })),
});
/** Tokens and money, as far as the agents tell of them. */
export type Usage = z.infer<typeof usageSchema>;

export const usageEvents = {
  /**
   * Totals of one conversation since it began; `task` had what is new in it. They are absolute: told twice, after a
   * restart or a resume, they change nothing.
   */
  'usage.measured': countedSchema.extend({
    conversation: z.string(),
    task: z.string().nullable(),
    context: contextSchema.nullable(),
  }),
  /** A budget reached a level; the limits are those that held then. */
  'budget.used': z.object({
    budget: z.string(),
    level: levels,
    usd: z.number().nullable(),
    tokens: z.number().nullable(),
  }),
  /** The budget was raised or taken away. */
  'budget.eased': z.object({ budget: z.string() }),
};

export const emptyUsage: Usage = { conversations: {}, instances: {}, tasks: {}, swarm: NOTHING, budgets: {} };

const CENTS = 1e9;
/** Sums of parts of cents, without the tails that adding fractions leaves. */
export const sumUsd = (a: number, b: number): number => Math.round((a + b) * CENTS) / CENTS;

const bothTokens = (a: Tokens, b: Tokens, join: (a: number, b: number) => number): Tokens =>
  Object.fromEntries(KINDS.map((kind) => [kind, join(a[kind], b[kind])])) as Tokens;

export const addTokens = (a: Tokens, b: Tokens): Tokens => bothTokens(a, b, (x, y) => x + y);

/** The growth from `before` to `now`; a counter that fell has grown by nothing. */
export const moreTokens = (now: Tokens, before: Tokens = NO_TOKENS): Tokens =>
  bothTokens(now, before, (x, y) => Math.max(0, x - y));

export const sumSpending = (a: Spending, b: Spending): Spending => ({
  ...addTokens(a, b),
  turns: a.turns + b.turns,
  usd: sumUsd(a.usd, b.usd),
  unpriced_tokens: a.unpriced_tokens + b.unpriced_tokens,
});

/** Where a conversation of an instance is counted. */
export const counterOf = (instance: string, conversation: string): string => `${instance}/${conversation}`;

type Counted = z.infer<typeof countedSchema>;

const allTokens = ({ models }: Pick<Counted, 'models'>): Tokens =>
  Object.values(models).reduce<Tokens>(addTokens, NO_TOKENS);

/** The totals of both, each the greater one: what was used stays used. */
const greatest = (before: Counted | undefined, now: Counted): Counted => {
  if (!before) return now;
  const models = new Set([...Object.keys(before.models), ...Object.keys(now.models)]);
  return {
    instance_id: now.instance_id,
    models: Object.fromEntries(
      [...models].map((model) => [
        model,
        bothTokens(entryOf(before.models, model) ?? NO_TOKENS, entryOf(now.models, model) ?? NO_TOKENS, Math.max),
      ]),
    ),
    turns: Math.max(before.turns, now.turns),
    usd: Math.max(before.usd, now.usd),
    unpriced_tokens: Math.max(before.unpriced_tokens, now.unpriced_tokens),
  };
};

const without = <T>(all: Readonly<Record<string, T>>, drop: (key: string, one: T) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([key, one]) => !drop(key, one)));

const reduceOwn = reducer<Usage, typeof usageEvents>({
  'usage.measured': (usage, { conversation, task, context, ...told }) => {
    const counter = counterOf(told.instance_id, conversation);
    const before = entryOf(usage.conversations, counter);
    const now = greatest(before, told);
    const more: Spending = {
      ...moreTokens(allTokens(now), before ? allTokens(before) : NO_TOKENS),
      turns: now.turns - (before?.turns ?? 0),
      usd: sumUsd(now.usd, -(before?.usd ?? 0)),
      unpriced_tokens: now.unpriced_tokens - (before?.unpriced_tokens ?? 0),
    };
    const id = told.instance_id;
    const instance = entryOf(usage.instances, id) ?? { ...NOTHING, context: null };
    return {
      ...usage,
      conversations: { ...usage.conversations, [counter]: now },
      instances: {
        ...usage.instances,
        [id]: { ...sumSpending(instance, more), context: context ?? instance.context },
      },
      tasks:
        task === null
          ? usage.tasks
          : { ...usage.tasks, [task]: sumSpending(entryOf(usage.tasks, task) ?? NOTHING, more) },
      swarm: sumSpending(usage.swarm, more),
    };
  },
  'budget.used': (usage, { budget, ...mark }) => ({ ...usage, budgets: { ...usage.budgets, [budget]: mark } }),
  'budget.eased': (usage, { budget }) => ({ ...usage, budgets: without(usage.budgets, (key) => key === budget) }),
});

/** The spending of removed instances and tasks is kept in the sum of all. */
export const reduceUsage = withOthers<Usage, typeof instanceEvents & typeof taskEvents>(reduceOwn, {
  'instance.removed': (usage, { instance_id: id }) =>
    Object.hasOwn(usage.instances, id)
      ? {
          ...usage,
          conversations: without(usage.conversations, (_key, one) => one.instance_id === id),
          instances: without(usage.instances, (key) => key === id),
          budgets: without(usage.budgets, (key) => key === `instance:${id}`),
        }
      : usage,
  'task.removed': (usage, { id }) =>
    Object.hasOwn(usage.tasks, id)
      ? {
          ...usage,
          tasks: without(usage.tasks, (key) => key === id),
          budgets: without(usage.budgets, (key) => key === `task:${id}`),
        }
      : usage,
});
