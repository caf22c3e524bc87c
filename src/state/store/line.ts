import { crc32 } from 'node:zlib';
import { encodeData } from '../decode.ts';
import type { AppEvent, EventDraft } from '../index.ts';
import type { Origin, Position } from '../reducer.ts';
import { shapeOf, UPCASTS, type Upcasts } from '../upcast.ts';

/**
 * The lines that one `append` asked for, checked and serialised at once, so that nobody can change it while it waits.
 */
export type Group = {
  readonly facts: readonly { readonly type: string; readonly data: string }[];
  readonly origin: Origin;
};

export const groupOf = (drafts: readonly EventDraft[], { actor, corr }: Origin): Group => ({
  facts: drafts.map((draft) => ({ type: draft.type, data: encodeData(draft) })),
  origin: { actor, corr },
});

/** As it stands at the start of a line. */
export const hex = (crc: number): string => crc.toString(16).padStart(8, '0');

/** Of the text of a checksum. */
export const CHECKSUM_LENGTH = 8;

const DIGITS: readonly (number | undefined)[] = (() => {
  const values: (number | undefined)[] = Array.from({ length: 256 });
  for (const [value, byte] of Buffer.from('0123456789abcdef').entries()) values[byte] = value;
  return values;
})();

/** The checksum that stands there, without a text of it: there is one in every line. Undefined where none stands. */
export const checksumAt = (bytes: Uint8Array, at: number): number | undefined => {
  let crc = 0;
  for (let place = at; place < at + CHECKSUM_LENGTH; place += 1) {
    const digit = DIGITS[bytes[place] ?? 0];
    if (digit === undefined) return undefined;
    crc = crc * 16 + digit;
  }
  return crc;
};

/** Each line continues the checksum of all before it, so a line that was changed, lost or moved shows. */
export const chainChecksum = (json: Uint8Array | string, crc: number): number => crc32(json, crc);

// The field is the last one of its object and the only one after `data`, whose own brace would follow otherwise.
const MORE = ',"more":true}';
const MORE_BYTES = Buffer.from(MORE);

/** Whether the line belongs together with the next one: a group counts only when its last line is there. */
export const continues = (json: Buffer): boolean =>
  json.length >= MORE.length &&
  // Nearly no line does, and one byte tells it.
  json[json.length - 2] === MORE_BYTES[MORE.length - 2] &&
  MORE_BYTES.compare(json, json.length - MORE.length) === 0;

/** Bytes and events of one group, numbered from the position on. What the events hold is what a replay will read. */
export const encodeGroup = ({ facts, origin }: Group, from: Position, at: string, table: Upcasts = UPCASTS) => {
  let { seq, crc } = from;
  let text = '';
  const events = facts.map(({ type, data }, index): AppEvent => {
    seq += 1;
    const { corr, actor } = origin;
    const head = JSON.stringify({ seq, at, corr, actor, type, v: shapeOf(type, table) }).slice(0, -1);
    const json = `${head},"data":${data}${index + 1 < facts.length ? MORE : '}'}`;
    crc = chainChecksum(json, crc);
    text += `${hex(crc)} ${json}\n`;
    return { seq, at, ...origin, type, data: JSON.parse(data) } as AppEvent;
  });
  return { text, events, position: { seq, crc } };
};

const DATA = Buffer.from(',"data":');

/** What a line says before its data: who recorded what, and when. */
export type Head = Pick<AppEvent, 'seq' | 'at' | 'corr' | 'actor' | 'type'>;

/** Reads what stands before the data of a line, which nobody has checked: that takes a tenth of decoding it. */
export const headOf = (json: Buffer): Head => {
  const end = json.indexOf(DATA);
  return JSON.parse(`${json.toString('utf8', 0, end)}}`) as Head;
};
