import { z } from 'zod';
import { addTokens, type ContextFill, moreTokens, NO_TOKENS, type Tokens, totalTokens } from '../state/usage.ts';

/** What one line of a log adds to what was used. */
export type UsageStep = {
  /** The time that the line says; empty when it says none. */
  readonly at: string;
  readonly model: string;
  readonly tokens: Tokens;
  readonly turns: number;
};

/** Adds up one conversation, by whole lines in their order; lines that come again add nothing. */
export type UsageCounter = {
  take(line: string): readonly UsageStep[];
  /** How full the conversation is, as of the last line that told so. */
  context(): ContextFill | null;
};

/** The files, one JSON document a line, in which an agent writes down what its conversations use. */
export type UsageLog = {
  /** Absolute paths of files that need not be there; in the name of a file or folder `*` stands for any letters. */
  readonly files: (of: {
    readonly conversation: string;
    /** Where the agent's hooks say that the conversation is kept. */
    readonly transcript: string | undefined;
    readonly env: Readonly<Record<string, string | undefined>>;
  }) => readonly string[];
  readonly counter: () => UsageCounter;
};

/** What names of models and conversations look like in all logs that were seen; the length is a bound of ours. */
export const NAME = /^[A-Za-z0-9][\w.:/@+-]{0,199}$/u;
/** The name of a model or conversation as an agent told it; others are called `unknown`. */
export const nameOf = (name: unknown): string => (typeof name === 'string' && NAME.test(name) ? name : 'unknown');

/** The JSON object that a line holds; undefined for half a line, and for a line that holds none. */
export const objectOf = (line: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
};

/** Tells what is new of an answer's numbers: they may be told more than once, and grow while the answer is given. */
export const makeAnswers = () => {
  const known = new Map<string, Tokens>();
  return (id: string, tokens: Tokens): Tokens | undefined => {
    const before = known.get(id);
    const more = moreTokens(tokens, before);
    if (before && totalTokens(more) === 0) return undefined;
    known.set(id, before ? addTokens(before, more) : tokens);
    return more;
  };
};

/** Numbers as agents write them: what is missing or no number is 0. */
export const countSchema = z.number().min(0).catch(0).transform(Math.round);

/** A step without tokens: a turn has begun. */
export const turnAt = (at: string): UsageStep => ({ at, model: 'unknown', tokens: NO_TOKENS, turns: 1 });
