import { z } from 'zod';
import { type ContextFill, type Tokens, totalTokens } from '../state/usage.ts';
import { countSchema, makeAnswers, nameOf, objectOf, turnAt, type UsageCounter, type UsageLog } from './usage-log.ts';

const lineSchema = z.looseObject({
  type: z.string(),
  timestamp: z.string().catch(''),
  isSidechain: z.boolean().catch(false),
  isMeta: z.boolean().catch(false),
  promptId: z.string().optional().catch(undefined),
  message: z.unknown().optional(),
});

const answerSchema = z.looseObject({
  id: z.string(),
  model: z.string(),
  usage: z.looseObject({
    input_tokens: countSchema,
    output_tokens: countSchema,
    cache_read_input_tokens: countSchema,
    cache_creation_input_tokens: countSchema,
  }),
});

/** The model of messages that the program writes itself: errors, and that it was interrupted. */
const SYNTHETIC = '<synthetic>';

type Line = z.infer<typeof lineSchema>;
type Answer = { readonly id: string; readonly model: string; readonly tokens: Tokens };

/** The model's answer that a line holds, with what it used. */
const answerIn = ({ type, message }: Line): Answer | undefined => {
  const answer = type === 'assistant' ? answerSchema.safeParse(message) : undefined;
  if (!answer?.success || answer.data.model === SYNTHETIC) return undefined;
  const { id, model, usage } = answer.data;
  const tokens = {
    input_tokens: usage.input_tokens,
    output_tokens: usage.output_tokens,
    cache_read_tokens: usage.cache_read_input_tokens,
    cache_write_tokens: usage.cache_creation_input_tokens,
  };
  return { id, model, tokens };
};

const counter = (): UsageCounter => {
  const answers = makeAnswers();
  const prompts = new Set<string>();
  let context: ContextFill | null = null;
  /** Tool results carry the prompt's id as well, and what sub-agents are told is no turn of the conversation. */
  const beginsTurn = ({ isSidechain, isMeta, promptId }: Line): boolean => {
    if (isSidechain || isMeta || promptId === undefined || prompts.has(promptId)) return false;
    prompts.add(promptId);
    return true;
  };
  return {
    take: (text) => {
      const line = lineSchema.safeParse(objectOf(text));
      if (!line.success) return [];
      const { type, timestamp: at, isSidechain } = line.data;
      if (type === 'user') return beginsTurn(line.data) ? [turnAt(at)] : [];
      const answer = answerIn(line.data);
      if (!answer) return [];
      if (!isSidechain) context = { used_tokens: totalTokens(answer.tokens), window_tokens: null };
      // One answer is written in several lines, each with the numbers as they stood.
      const more = answers(answer.id, answer.tokens);
      return more ? [{ at, model: nameOf(answer.model), tokens: more, turns: 0 }] : [];
    },
    context: () => context,
  };
};

/** Claude Code's transcripts, those of its sub-agents included. */
export const claudeUsage: UsageLog = {
  files: ({ transcript, conversation }) =>
    transcript === undefined ? [] : [transcript, transcript.replace(/[^/]+$/u, `${conversation}/subagents/*.jsonl`)],
  counter,
};
