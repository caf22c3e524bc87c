import type { Redact } from '../lib/redact.ts';
import type { EventDraft } from '../state/index.ts';

/**
 * Where events keep what agents, checks and programs said, by the names of its fields. Names, paths, commits and commands
 * are not among them: something there is acted on, and would be another thing afterwards.
 */
const SPOKEN: ReadonlySet<string> = new Set([
  'because',
  'check_output',
  'evidence',
  'kept_from',
  'message',
  'note',
  'question',
  'questions',
  'reason',
  'subject',
  'summary',
  'text',
]);

const redactAll = (value: unknown, redact: Redact): unknown => {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((one) => redactAll(one, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactAll(inner, redact)]));
};

const redactSpoken = (value: unknown, redact: Redact): unknown => {
  if (Array.isArray(value)) return value.map((one) => redactSpoken(one, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      SPOKEN.has(key) ? redactAll(inner, redact) : redactSpoken(inner, redact),
    ]),
  );
};

/** The same facts, with the secrets taken out of what somebody said. */
export const redactFacts = (drafts: readonly EventDraft[], redact: Redact): readonly EventDraft[] =>
  drafts.map((draft) => ({ ...draft, data: redactSpoken(draft.data, redact) }) as EventDraft);
