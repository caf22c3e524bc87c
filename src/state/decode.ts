import type { z } from 'zod';
import { unknownEvent } from './errors.ts';
import { issueText } from './issue-text.ts';
import { type AppEvent, type EventDraft, eventSchemas } from './model.ts';
import { sparseSchema } from './sparse-schema.ts';
import { UPCASTS, type Upcasts, upcast } from './upcast.ts';

type Stored = Pick<AppEvent, 'seq' | 'at' | 'corr' | 'actor'> & {
  readonly type: string;
  readonly data?: unknown;
  readonly v?: number;
};

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

type Fields = Readonly<Record<string, unknown>>;

/** What a line of the journal says beside its data. */
const ENVELOPE: Fields = { seq: 0, at: 0, corr: 0, actor: 0, type: 0, data: 0, v: 0, more: 0 };
const LEAST_KEYS = Object.keys(ENVELOPE).length - 2;

/** Whether there is a key in the data, or in what is in it, that its schema does not know and has left out. */
const holdsMore = (data: Fields, checked: Fields): boolean => {
  // By hand, and keys by their number: schemas that look for such keys take longer, and nearly no event has one.
  const keys = Object.keys(data);
  if (keys.length > Object.keys(checked).length) return true;
  for (const key of keys) {
    const inner = data[key];
    if (typeof inner === 'object' && inner !== null && holdsMore(inner as Fields, checked[key] as Fields)) return true;
  }
  return false;
};

/** The first key of the data, or of what is in it, that its schema does not know; undefined where there is none. */
const unknownIn = (data: unknown, checked: unknown): string | undefined => {
  if (typeof data !== 'object' || data === null || typeof checked !== 'object' || checked === null) return undefined;
  for (const [key, inner] of Object.entries(data)) {
    const found = Object.hasOwn(checked, key) ? unknownIn(inner, (checked as Fields)[key]) : key;
    if (found !== undefined) return found;
  }
  return undefined;
};

/** A key of a line, or of its data, that this version does not know. */
const unknownOf = (line: Stored, data: unknown, checked: unknown): string | undefined => {
  const keys = Object.keys(line);
  const beside = keys.length > LEAST_KEYS ? keys.find((key) => !Object.hasOwn(ENVELOPE, key)) : undefined;
  return beside ?? (holdsMore(data as Fields, checked as Fields) ? unknownIn(data, checked) : undefined);
};

const parseLine = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unknownEvent({ what: 'a line', issue: 'it is not JSON' }, error);
  }
};

/** The first thing that is wrong with the data of an event: a person is helped by one, and a program of another version by none. */
const firstMisfit = (data: unknown, { issues }: z.ZodError): string => {
  const [issue] = issues;
  const { path } = issue!;
  if (path.length === 0) return issueText(issue!);
  const holder = path.slice(0, -1).reduce<unknown>((inner, key) => (inner as Fields)[key as string], data);
  const isThere = Object.hasOwn(holder as Fields, path.at(-1)!);
  return isThere ? `its "${path.join('.')}" does not fit: ${issueText(issue!)}` : `it lacks "${path.join('.')}"`;
};

/** The event that a JSON text of the journal stands for, whichever release wrote it. */
export const decodeEvent = (text: string, table: Upcasts = UPCASTS, where?: () => string): AppEvent => {
  const line = parseLine(text);
  if (!isStored(line)) throw unknownEvent({ what: 'a line', issue: 'it lacks what every event has' });
  const { seq, at, corr, actor, v } = line;
  const present = upcast({ type: line.type, data: line.data }, v, table);
  const { type, data } = present ?? line;
  const what = (): string => `event ${seq}, "${type}",${where ? ` ${where()}` : ''}`;
  if (!present) throw unknownEvent({ what: what(), issue: `it has the format ${v}, which this version does not know` });
  const kind = KINDS.get(type);
  if (!kind) throw unknownEvent({ what: what(), issue: 'this version knows no such type' });
  const checked = kind.schemaOf(data).safeParse(data);
  if (!checked.success) throw unknownEvent({ what: what(), issue: firstMisfit(data, checked.error) }, checked.error);
  // Left out without a word it would be missing in what is made of the journal, which is written down then.
  const unknown = unknownOf(line, data, checked.data);
  if (unknown !== undefined) throw unknownEvent({ what: what(), issue: `this version knows no "${unknown}" of it` });
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
