import { z } from 'zod';
import { addTokens, type ContextFill, moreTokens, NO_TOKENS, type Tokens, totalTokens } from '../state/usage.ts';
import { countSchema, nameOf, objectOf, turnAt, type UsageCounter, type UsageLog } from './usage-log.ts';

const lineSchema = z.looseObject({
  type: z.string(),
  timestamp: z.string().catch(''),
  payload: z.looseObject({ type: z.string().optional().catch(undefined) }),
});

const tokensSchema = z.looseObject({
  input_tokens: countSchema,
  cached_input_tokens: countSchema,
  cache_write_input_tokens: countSchema,
  output_tokens: countSchema,
  total_tokens: countSchema,
});

const infoSchema = z.looseObject({
  total_token_usage: tokensSchema,
  last_token_usage: tokensSchema,
  model_context_window: countSchema.nullish().catch(null),
});

const contextSchema = z.looseObject({ model: z.string() });

/** Codex's tokens in our terms: its input holds what was read from the cache and written to it, its output the reasoning. */
const tokensOf = (told: z.infer<typeof tokensSchema>): Tokens => ({
  input_tokens: Math.max(0, told.input_tokens - told.cached_input_tokens - told.cache_write_input_tokens),
  output_tokens: told.output_tokens,
  cache_read_tokens: told.cached_input_tokens,
  cache_write_tokens: told.cache_write_input_tokens,
});

const counter = (): UsageCounter => {
  let model = 'unknown';
  /** What Codex says in all, and what was counted before it began to count anew. */
  let told = NO_TOKENS;
  let before = NO_TOKENS;
  let counted = NO_TOKENS;
  let context: ContextFill | null = null;
  const count = (at: string, info: z.infer<typeof infoSchema>) => {
    const { total_token_usage, last_token_usage, model_context_window } = info;
    const total = tokensOf(total_token_usage);
    if (totalTokens(total) < totalTokens(told)) before = counted;
    told = total;
    const now = addTokens(before, total);
    const more = moreTokens(now, counted);
    counted = now;
    context = { used_tokens: last_token_usage.total_tokens, window_tokens: model_context_window ?? null };
    return totalTokens(more) === 0 ? [] : [{ at, model, tokens: more, turns: 0 }];
  };
  return {
    take: (text) => {
      const line = lineSchema.safeParse(objectOf(text));
      if (!line.success) return [];
      const { type, timestamp, payload } = line.data;
      const at = timestamp;
      const settings = type === 'turn_context' ? contextSchema.safeParse(payload) : undefined;
      if (settings?.success) model = nameOf(settings.data.model);
      if (type !== 'event_msg') return [];
      if (payload.type === 'task_started') return [turnAt(at)];
      const info = payload.type === 'token_count' ? infoSchema.safeParse(payload['info']) : undefined;
      return info?.success ? count(at, info.data) : [];
    },
    context: () => context,
  };
};

/** The file in which Codex keeps a conversation, to go on with it. */
export const codexUsage: UsageLog = {
  files: ({ transcript }) => (transcript === undefined ? [] : [transcript]),
  counter,
};
