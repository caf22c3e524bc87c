import { z } from 'zod';
import type { UsageReading } from '../state/pricing.ts';
import { NAME, countSchema as number } from './usage-log.ts';

const MOST_MODELS = 50;

const tokens = z.looseObject({
  input_tokens: number,
  output_tokens: number,
  cache_read_tokens: number,
  cache_write_tokens: number,
});

/** The words of a message by which an agent, or what wraps it, tells totals of a conversation by itself. */
const messageSchema = z.looseObject({
  hook_event_name: z.literal('Usage'),
  session_id: z.string().regex(NAME),
  models: z.record(z.string().regex(NAME), tokens),
  turns: number,
  usd: z.number().min(0).nullish().catch(null),
  context: z
    .looseObject({ used_tokens: number, window_tokens: z.number().int().positive().nullish().catch(null) })
    .nullish()
    .catch(null),
});

/** The totals that a usage message tells; undefined for any other message, and for one that says nothing of use. */
export const readUsageMessage = (body: unknown): UsageReading | undefined => {
  const message = messageSchema.safeParse(body);
  if (!message.success) return undefined;
  const { session_id, models, turns, usd, context } = message.data;
  const told = Object.entries(models).slice(0, MOST_MODELS);
  return {
    conversation: session_id,
    models: Object.fromEntries(
      told.map(([model, { input_tokens, output_tokens, cache_read_tokens, cache_write_tokens }]) => [
        model,
        { input_tokens, output_tokens, cache_read_tokens, cache_write_tokens },
      ]),
    ),
    turns,
    usd: usd ?? null,
    context: context ? { used_tokens: context.used_tokens, window_tokens: context.window_tokens ?? null } : null,
  };
};
