import { LONGEST_TYPED_TEXT, MOST_TYPED_EVENTS, type TypedEvent } from '../wire.ts';

/** The keys that have a name, and those that have none with what is held beside them. */
const KEY =
  /^(?:(?:ctrl|alt|shift)\+){0,3}(?:enter|tab|backspace|esc|up|down|left|right|home|end|pageup|pagedown|delete|insert|space|f(?:[1-9]|1[0-2]))$|^(?:ctrl\+|alt\+|ctrl\+alt\+)[!-~]$/u;
/** What is no text: a sequence of such characters would be keys, or more than that. */
const CONTROL = /[\u0000-\u001F\u007F-\u009F]/u;
/** A paste has lines and tabs. */
const CONTROL_IN_PASTE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/gu;

const isTypedText = (text: unknown): text is string =>
  typeof text === 'string' && text !== '' && text.length <= LONGEST_TYPED_TEXT;

const typedEvent = (event: unknown): TypedEvent | undefined => {
  if (typeof event !== 'object' || event === null) return undefined;
  const { kind, key, text } = event as Record<string, unknown>;
  if (kind === 'key') return typeof key === 'string' && KEY.test(key) ? { kind, key } : undefined;
  if (!isTypedText(text) || !text.isWellFormed()) return undefined;
  if (kind === 'text') return CONTROL.test(text) ? undefined : { kind, text };
  if (kind !== 'paste') return undefined;
  // Terminals end the lines of a paste as Enter does.
  return { kind, text: text.replace(/\r?\n/gu, '\r').replace(CONTROL_IN_PASTE, '') };
};

/** Reads what somebody typed who is not to be believed; undefined when that is nothing that can be typed. */
export const readTypedEvents = (events: unknown): readonly TypedEvent[] | undefined => {
  if (!Array.isArray(events) || events.length > MOST_TYPED_EVENTS) return undefined;
  const read = events.map(typedEvent);
  return read.every((event) => event !== undefined) ? read : undefined;
};
