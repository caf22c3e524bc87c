import { type AppError, defineError } from '../lib/errors.ts';
import { oneLine, shortened } from '../lib/text.ts';

/** What a refusal says; `suggestion` is a whole command, `expects` what would have made the line complete. */
export type Refusal = {
  readonly message: string;
  readonly hint?: string;
  readonly suggestion?: string | undefined;
  readonly expects?: readonly string[];
  /** Where the bad word lies in the line. */
  readonly at?: { readonly start: number; readonly end: number };
};

export type Refused = AppError & { readonly refusal: Refusal };

const text = ({ message, hint, suggestion }: Refusal) => ({
  message,
  hint: hint ?? (suggestion === undefined ? 'See: help' : `Did you mean: ${suggestion}?`),
});

export const emptyLine = defineError('protocol/empty', 2, text);
export const badQuote = defineError('protocol/quote', 2, text);
export const badCharacter = defineError('protocol/character', 2, text);
export const placeholder = defineError('protocol/placeholder', 2, text);
export const negated = defineError('protocol/negation', 2, text);
export const severalCommands = defineError('protocol/several', 2, text);
export const unknownWord = defineError('protocol/unknown-word', 2, text);
export const unknownCommand = defineError('protocol/unknown-command', 2, text);
export const missing = defineError('protocol/missing', 2, text);
export const notTaken = defineError('protocol/not-taken', 2, text);
export const contradiction = defineError('protocol/contradiction', 2, text);
export const badId = defineError('protocol/bad-id', 2, text);

/** Throws the error with its refusal; only `parse` catches it. */
export const refuse = (kind: (refusal: Refusal) => AppError, refusal: Refusal): never => {
  throw Object.assign(kind(refusal), { refusal });
};

export const isRefused = (error: unknown): error is Refused => error instanceof Error && 'refusal' in error;

/** Something the person wrote, short and printable, for a message. */
export const named = (word: string): string => `"${shortened(oneLine(word), 40)}"`;
