import { type AppError, defineError } from '../lib/errors.ts';
import { oneLine, shorten } from '../lib/text.ts';

/** What a refusal says; `suggestion` is the line set right as far as this refusal sees, `expects` what would complete it. */
type Refusal = {
  readonly message: string;
  readonly hint?: string;
  readonly suggestion?: string | undefined;
  readonly expects?: readonly string[];
  /** Where the bad word lies in the line. */
  readonly at?: Span;
};

type Kind = (refusal: Refusal) => AppError;

/** A refusal with the error that it becomes. */
export type Refused = { readonly kind: Kind; readonly refusal: Refusal };

// A shell may hand over line feeds within a word.
const printable = (said: string): string => (/[\u0000-\u001F]/u.test(said) ? oneLine(said) : said);

const text = ({ message, hint, suggestion }: Refusal) => {
  const meant = suggestion === undefined ? undefined : `Did you mean: ${suggestion}?`;
  return { message: printable(message), hint: printable([meant, hint].filter(Boolean).join(' ') || 'See: help') };
};

export const emptyLine = defineError('protocol/empty', 2, text);
export const badQuote = defineError('protocol/quote', 2, text);
export const badCharacter = defineError('protocol/character', 2, text);
export const placeholder = defineError('protocol/placeholder', 2, text);
export const negated = defineError('protocol/negation', 2, text);
export const severalCommands = defineError('protocol/several', 2, text);
export const unknownWord = defineError('protocol/unknown-word', 2, text);
export const untrustedAgent = defineError('protocol/untrusted', 5, text);
export const ofShell = defineError('protocol/of-shell', 2, text);
export const unknownCommand = defineError('protocol/unknown-command', 2, text);
export const missing = defineError('protocol/missing', 2, text);
export const notTaken = defineError('protocol/not-taken', 2, text);
export const contradiction = defineError('protocol/contradiction', 2, text);
export const badId = defineError('protocol/bad-id', 2, text);

/** What a role may not say, whoever finds it out. */
export const denied = defineError('command/denied', 4, (p: { actor: string; command: string; needs: string }) => ({
  message: `${p.actor} may not say "${p.command}".`,
  hint: p.needs,
}));

/** Leaves with a refusal; only `parse` catches it, and makes the error of it once the suggestion is known to be one. */
export const refuse = (kind: Kind, refusal: Refusal): never => {
  throw { kind, refusal } satisfies Refused;
};

/** Whether what was thrown is a refusal, and no bug. */
export const isRefused = (thrown: unknown): thrown is Refused =>
  typeof thrown === 'object' && thrown !== null && 'refusal' in thrown;

/** Something the person wrote, short and printable, for a message. */
export const inQuotes = (word: string): string => `"${shorten(oneLine(word), 40)}"`;

/** A part of a line, by the offsets where it begins and ends. */
export type Span = { readonly start: number; readonly end: number };

/** The place of a word in its line. */
export const spanOf = ({ start, end }: Span): Span => ({ start, end });

/** So much of a line is shown before and behind the place where another word is proposed. */
const CONTEXT = 120;

/** The line with another text in a place; `…` stands for what is too long to be shown. */
export const lineWith = (line: string, { start, end }: Span, text: string): string =>
  `${shorten(line.slice(0, start), CONTEXT)}${text}${shorten(line.slice(end), CONTEXT)}`;
