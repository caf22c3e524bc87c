import { z } from 'zod';
import type { ContextFill } from '../state/usage.ts';
import {
  countSchema,
  makeAnswers,
  nameOf,
  objectOf,
  turnAt,
  type UsageCounter,
  type UsageLog,
  type UsageStep,
} from './usage-log.ts';

const tokensSchema = z.looseObject({
  input: countSchema,
  output: countSchema,
  cached: countSchema,
  thoughts: countSchema,
  tool: countSchema,
});

const messageSchema = z.looseObject({
  id: z.string(),
  type: z.string(),
  timestamp: z.string().catch(''),
  model: z.string().optional().catch(undefined),
  tokens: tokensSchema.optional().catch(undefined),
  content: z.unknown().optional(),
});

/** A line that replaces messages of the lines before it: most of them are known. */
const replacedSchema = z.looseObject({ $set: z.looseObject({ messages: z.array(z.unknown()) }) });

const isPrompt = (content: unknown): boolean =>
  typeof content === 'string' ||
  (Array.isArray(content) && content.every((part) => typeof (part as { text?: unknown } | null)?.text === 'string'));

const counter = (): UsageCounter => {
  const answers = makeAnswers();
  const prompts = new Set<string>();
  let context: ContextFill | null = null;
  const take = (value: unknown, isOld: boolean): UsageStep[] => {
    const message = messageSchema.safeParse(value);
    if (!message.success) return [];
    const { id, type, timestamp, model, tokens, content } = message.data;
    const at = timestamp;
    if (type === 'user' && !isOld && isPrompt(content) && !prompts.has(id)) {
      prompts.add(id);
      return [turnAt(at)];
    }
    if (!tokens) return [];
    if (!isOld) context = { used_tokens: tokens.input + tokens.output + tokens.thoughts, window_tokens: null };
    // Gemini's number for the input holds what was read from the cache.
    const more = answers(id, {
      input_tokens: Math.max(0, tokens.input - tokens.cached) + tokens.tool,
      output_tokens: tokens.output + tokens.thoughts,
      cache_read_tokens: tokens.cached,
      cache_write_tokens: 0,
    });
    return more ? [{ at, model: nameOf(model), tokens: more, turns: 0 }] : [];
  };
  return {
    take: (text) => {
      const line = objectOf(text);
      if (!line) return [];
      const replaced = replacedSchema.safeParse(line);
      return replaced.success ? replaced.data.$set.messages.flatMap((one) => take(one, true)) : take(line, false);
    },
    context: () => context,
  };
};

/** The file in which Gemini CLI keeps a conversation; its name ends with the first letters of the id. */
export const geminiUsage: UsageLog = {
  files: ({ conversation, env }) => {
    const home = env['GEMINI_CLI_HOME'] ?? env['HOME'];
    return home === undefined || !/^[\w-]{8,}$/u.test(conversation)
      ? []
      : [`${home}/.gemini/tmp/*/chats/session-*-${conversation.slice(0, 8)}.jsonl`];
  },
  counter,
};
