import { entryOf } from '../lib/entry.ts';
import type { Price } from './cost-settings.ts';
import type { EventDraft, State } from './model.ts';
import {
  type ContextFill,
  counterOf,
  moreTokens,
  NO_TOKENS,
  sumUsd,
  type Tokens,
  totalTokens,
  type Usage,
} from './usage.ts';

/** The usage of one conversation since it began, as its agent tells it. */
export type UsageReading = {
  readonly conversation: string;
  readonly models: Readonly<Record<string, Tokens>>;
  readonly turns: number;
  /** Money that the agent itself reckons for all of it; null when it does not say. */
  readonly usd: number | null;
  readonly context: ContextFill | null;
};

type Prices = Readonly<Record<string, Price>>;

const matches = (pattern: string, model: string): boolean => {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'u').test(model);
};

/** The price of a model: of its very name, else of the longest pattern that it fits. */
export const priceOf = (prices: Prices, model: string): Price | undefined => {
  if (Object.hasOwn(prices, model)) return prices[model];
  const patterns = Object.keys(prices).filter((one) => one.includes('*') && matches(one, model));
  const [longest] = patterns.toSorted((a, b) => b.length - a.length);
  return longest === undefined ? undefined : prices[longest];
};

const MILLION = 1_000_000;

type Money = { readonly usd: number; readonly unpriced_tokens: number };

/** The cost of tokens, as far as the price tells. */
const moneyOf = (tokens: Tokens, price: Price | undefined): Money => {
  const kinds = [
    [tokens.input_tokens, price?.input],
    [tokens.output_tokens, price?.output],
    [tokens.cache_read_tokens, price?.cache_read],
    [tokens.cache_write_tokens, price?.cache_write],
  ] as const;
  const priced = kinds.map(([count, each]) => (each === undefined ? 0 : (count * each) / MILLION));
  const unpriced = kinds.map(([count, each]) => (each === undefined ? count : 0));
  return { usd: priced.reduce(sumUsd, 0), unpriced_tokens: unpriced.reduce((a, b) => a + b, 0) };
};

/** Money of a conversation: what its agent reckons, else what is new since it was counted last by the prices of now. */
const moneyNow = (usage: Usage, instance: string, reading: UsageReading, prices: Prices): Money => {
  const { usd, models, conversation } = reading;
  if (usd !== null) return { usd, unpriced_tokens: 0 };
  const before = entryOf(usage.conversations, counterOf(instance, conversation));
  return Object.entries(models).reduce<Money>(
    (sum, [model, tokens]) => {
      const more = moneyOf(moreTokens(tokens, entryOf(before?.models ?? {}, model)), priceOf(prices, model));
      return { usd: sumUsd(sum.usd, more.usd), unpriced_tokens: sum.unpriced_tokens + more.unpriced_tokens };
    },
    { usd: before?.usd ?? 0, unpriced_tokens: before?.unpriced_tokens ?? 0 },
  );
};

/** Whether a reading tells more than what is counted. */
const isNews = (usage: Usage, instance: string, { conversation, models, turns, usd }: UsageReading): boolean => {
  const before = entryOf(usage.conversations, counterOf(instance, conversation));
  if (!before) return turns > 0 || Object.values(models).some((one) => totalTokens(one) > 0);
  if (turns > before.turns || (usd ?? 0) > before.usd) return true;
  return Object.entries(models).some(
    ([model, tokens]) => totalTokens(moreTokens(tokens, entryOf(before.models, model) ?? NO_TOKENS)) > 0,
  );
};

/** The fact that an instance has used more than was known; nothing when it has not. `task` had what is new. */
export const measuredFacts = (
  state: State,
  of: { readonly instance: string; readonly task: string | null; readonly prices: Prices },
  reading: UsageReading,
): EventDraft[] => {
  const { usage, instances } = state;
  if (!entryOf(instances, of.instance) || !isNews(usage, of.instance, reading)) return [];
  const { conversation, models, turns, context } = reading;
  return [
    {
      type: 'usage.measured',
      data: {
        instance_id: of.instance,
        conversation,
        task: of.task !== null && entryOf(state.tasks, of.task) ? of.task : null,
        models,
        turns,
        ...moneyNow(usage, of.instance, reading, of.prices),
        context,
      },
    },
  ];
};
