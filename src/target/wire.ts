// Values as text in one line: JSON, with a tagged object for each thing that JSON has no word for.

const TAG = '$';

type Tagged = { readonly [TAG]: string; readonly value: unknown };

const tagged = (tag: string, value: unknown = null): Tagged => ({ [TAG]: tag, value });

/** The tagged object for a value; undefined where JSON itself has a word for it. */
const tagValue = (value: unknown): Tagged | undefined => {
  if (typeof value === 'bigint') return tagged('bigint', String(value));
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : tagged('number', String(value));
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Uint8Array)
    return tagged('bytes', Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'));
  if (value instanceof Map) return tagged('map', [...value]);
  if (value instanceof Set) return tagged('set', [...value]);
  if (value instanceof RegExp) return tagged('pattern', [value.source, value.flags]);
  if (value instanceof AbortSignal) return tagged('signal');
  // Somebody's own object that looks like one of ours.
  return Object.hasOwn(value, TAG) ? tagged('object', Object.entries(value)) : undefined;
};

/** The value as one line of text, without the line feed. */
export const encodeLine = (frame: object): string =>
  JSON.stringify(frame, function (this: Record<string, unknown>, key: string, value: unknown): unknown {
    // Buffers have become something else in `value`.
    const raw = this[key];
    return raw === undefined && Array.isArray(this) ? tagged('nothing') : (tagValue(raw) ?? value);
  });

type Decoders = Readonly<Record<string, (value: never, signal: AbortSignal) => unknown>>;

const DECODERS: Decoders = {
  bigint: (value: string) => BigInt(value),
  number: (value: string) => Number(value),
  bytes: (value: string) => new Uint8Array(Buffer.from(value, 'base64')),
  map: (value: [unknown, unknown][]) => new Map(value),
  set: (value: unknown[]) => new Set(value),
  pattern: ([source, flags]: [string, string]) => new RegExp(source, flags),
  signal: (_value: null, signal: AbortSignal) => signal,
  object: (value: [string, unknown][]) => Object.fromEntries(value),
  nothing: () => undefined,
};

/** The value that a line stands for; where a signal stood in it, this one does. Throws for what is no such line. */
export const decodeLine = (text: string, signal: AbortSignal): unknown =>
  JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, TAG)) return value;
    const { [TAG]: tag, value: content } = value as Tagged;
    const decode = Object.hasOwn(DECODERS, tag) ? DECODERS[tag] : undefined;
    if (!decode) throw new Error(`nothing is known of the tag "${tag}"`);
    return decode(content as never, signal);
  });
