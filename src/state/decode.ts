import { z } from 'zod';
import { unknownEvent } from './errors.ts';
import { type AppEvent, type EventDraft, eventSchemas } from './model.ts';
import { sparseSchema } from './sparse-schema.ts';
import { UPCASTS, type Upcasts, upcast } from './upcast.ts';

type Stored = Pick<AppEvent, 'seq' | 'at' | 'corr' | 'actor'> & { readonly type: string; readonly data?: unknown };

/** Looked at by hand: a long journal is as many such lines. */
const isStored = (line: unknown): line is Stored => {
  if (typeof line !== 'object' || line === null) return false;
  const { seq, at, corr, actor, type } = line as Partial<Stored>;
  const isText =
    typeof at === 'string' && typeof corr === 'string' && typeof actor === 'string' && typeof type === 'string';
  return isText && Number.isSafeInteger(seq) && seq! > 0;
};

type Kind = { readonly type: string; readonly schemaOf: (data: unknown) => z.ZodType };

/** Every kind of event by its type. A fold looks for that in a dozen tables, which the same text finds sooner than an equal one. */
const KINDS: ReadonlyMap<string, Kind> = new Map(
  Object.entries(eventSchemas).map(([type, schema]) => [type, { type, schemaOf: sparseSchema(schema) }]),
);

const parseLine = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unknownEvent({ what: 'a line', issue: 'it is not JSON' }, error);
  }
};

/** The event that a JSON text of the journal stands for, whichever release wrote it. */
export const decodeEvent = (text: string, table: Upcasts = UPCASTS): AppEvent => {
  const line = parseLine(text);
  if (!isStored(line)) throw unknownEvent({ what: 'a line', issue: 'it lacks what every event has' });
  const { seq, at, corr, actor } = line;
  const { type, data } = upcast({ type: line.type, data: line.data }, table);
  const what = (): string => `event ${seq}, "${type}",`;
  const kind = KINDS.get(type);
  if (!kind) throw unknownEvent({ what: what(), issue: 'this version knows no such type' });
  const checked = kind.schemaOf(data).safeParse(data);
  if (!checked.success) throw unknownEvent({ what: what(), issue: z.prettifyError(checked.error) }, checked.error);
  return { seq, at, corr, actor, type: kind.type, data: checked.data } as AppEvent;
};

/**
 * The JSON text of a draft's data, checked. What is wrong with a draft is a mistake in the program, so it throws as
 * one.
 */
export const encodeData = (draft: EventDraft): string => {
  const kind = KINDS.get(draft.type);
  if (!kind) throw new TypeError(`no event has the type "${draft.type}"`);
  return JSON.stringify(kind.schemaOf(draft.data).parse(draft.data));
};
