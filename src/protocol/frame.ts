import { ROLES, type Role } from './signature.ts';

/** The roles that people have. */
type PersonRole = Exclude<Role, 'agent'>;

/** How the answer will be shown. */
export type OutputFormat = {
  readonly columns: number;
  readonly color: boolean;
  /** The text leaves out the commands that the data suggests, because they are shown apart from it. */
  readonly suggestionsApart?: boolean;
};

/** Settings for one request alone: `key=value` of its options, and the variables of its environment. */
export type RequestSettings = { readonly flags: readonly string[]; readonly env: Readonly<Record<string, string>> };

/** Says a command: as text, or as the arguments of a command line. `id` makes a repetition harmless. */
export type RunFrame = {
  readonly v: 1;
  readonly kind: 'run';
  readonly id: string;
  readonly text?: string;
  readonly argv?: readonly string[];
  readonly yes?: boolean;
  readonly confirm?: string;
  /** Who speaks: `cli`, `tui`, `web` or `web:NAME`, or an instance, which proves that by its token. */
  readonly actor: string;
  readonly token?: string;
  /** Speaks with this role at most, whatever role the speaker has: for somebody who was let in with less. */
  readonly role?: PersonRole;
  /** When it was said, in ISO 8601: an answer is for no question that came after that. */
  readonly said_at?: string;
  /** The last event that the client knew when it said it for the first time: whatever it recorded comes after that. */
  readonly knew?: number;
  /** The folder that relative paths start from; the repository's top when it is not said. */
  readonly cwd?: string;
  readonly settings?: RequestSettings;
  /** What the standard input of the command line holds, for a command that reads from there. */
  readonly input?: string;
  readonly view: OutputFormat;
};

/** How far a client knows what happened: the last event, the checksum of the journal there, and the format of its state. */
export type Known = { readonly seq: number; readonly crc: number; readonly format: number };

/** Asks for events from a number on; without one, for the whole state first, or for what came after what is known. */
export type SubscribeFrame = {
  readonly v: 1;
  readonly kind: 'subscribe';
  readonly from?: number;
  readonly after?: Known;
  /** Who speaks, as in a {@link RunFrame}: the client is told whom the daemon takes it for. */
  readonly actor?: string;
};

/** Whom a daemon takes a client for: what it may say hangs on the role. */
export type Identity = {
  readonly name: string;
  readonly role: Role;
  /** Why it may do no more, in a sentence or two: it is not held for a person, or persons may not; missing elsewhere. */
  readonly doubt?: string;
};

/** Asks whether anybody is there; it is answered at once, whatever else is at work. */
type PingFrame = { readonly v: 1; readonly kind: 'ping' };

/**
 * Has something written down in the audit that is no command of the language: what a client does itself, or has refused.
 * With `least` it asks as well whether the speaker has that role; who has not is refused, and that is written down instead.
 */
export type NoteFrame = {
  readonly v: 1;
  readonly kind: 'note';
  readonly id: string;
  readonly actor: string;
  readonly token?: string;
  readonly command: string;
  readonly decision: 'allowed' | 'denied';
  readonly result: string;
  readonly least?: PersonRole;
};

/** Why a daemon says goodbye that nobody told to end: nothing can be recorded any more. */
export const STORE_FAILED = 'the store failed';

/** What a client may send. */
export type ClientFrame = RunFrame | SubscribeFrame | PingFrame | NoteFrame;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const optional = (value: unknown, type: string): boolean => value === undefined || typeof value === type;

const isView = (value: unknown): boolean =>
  isObject(value) &&
  typeof value['columns'] === 'number' &&
  typeof value['color'] === 'boolean' &&
  optional(value['suggestionsApart'], 'boolean');

const areTexts = (values: unknown): boolean =>
  isObject(values) && Object.values(values).every((one) => typeof one === 'string');

const isSettings = (value: unknown): boolean =>
  isObject(value) && Array.isArray(value['flags']) && areTexts(value['flags']) && areTexts(value['env']);

const isPersonRole = (value: unknown): boolean =>
  value === undefined || (value !== 'agent' && (ROLES as readonly unknown[]).includes(value));

const isNote = (frame: Record<string, unknown>): boolean =>
  ['id', 'actor', 'command', 'result'].every((key) => typeof frame[key] === 'string') &&
  (frame['decision'] === 'allowed' || frame['decision'] === 'denied') &&
  optional(frame['token'], 'string') &&
  isPersonRole(frame['least']);

const isRun = (frame: Record<string, unknown>): boolean =>
  typeof frame['id'] === 'string' &&
  typeof frame['actor'] === 'string' &&
  optional(frame['text'], 'string') &&
  optional(frame['confirm'], 'string') &&
  optional(frame['token'], 'string') &&
  optional(frame['cwd'], 'string') &&
  optional(frame['said_at'], 'string') &&
  optional(frame['knew'], 'number') &&
  optional(frame['input'], 'string') &&
  optional(frame['yes'], 'boolean') &&
  isPersonRole(frame['role']) &&
  (frame['argv'] === undefined ||
    (Array.isArray(frame['argv']) && frame['argv'].every((one) => typeof one === 'string'))) &&
  (frame['settings'] === undefined || isSettings(frame['settings'])) &&
  isView(frame['view']);

const isKnown = (value: unknown): boolean =>
  value === undefined ||
  (isObject(value) &&
    ['seq', 'crc', 'format'].every((key) => Number.isSafeInteger(value[key]) && Number(value[key]) >= 0));

const isSubscribe = ({ from, after, actor }: Record<string, unknown>): boolean =>
  optional(from, 'number') && optional(actor, 'string') && isKnown(after);

/**
 * Reads a line from a client; undefined when it is none of ours. A line that is no JSON is a command in words, so that
 * `nc -U` is a client too. (By hand and not by zod: clients read this module and have to start within milliseconds.)
 */
export const readClientFrame = (line: string): ClientFrame | undefined => {
  if (!line.startsWith('{'))
    return { v: 1, kind: 'run', id: '', text: line, actor: 'cli', view: { columns: 80, color: false } };
  let frame: unknown;
  try {
    frame = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(frame) || frame['v'] !== 1) return undefined;
  if (frame['kind'] === 'run' && isRun(frame)) return frame as unknown as RunFrame;
  if (frame['kind'] === 'note' && isNote(frame)) return frame as unknown as NoteFrame;
  if (frame['kind'] === 'ping') return { v: 1, kind: 'ping' };
  if (frame['kind'] === 'subscribe' && isSubscribe(frame)) return frame as unknown as SubscribeFrame;
  return undefined;
};
