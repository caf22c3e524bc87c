import { isUtf8 } from 'node:buffer';
import { oddUnit } from '../lib/raw-text.ts';

/** How many bytes a character has that begins with this one; 1 where none begins so. */
const lengthBy = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);

/** The text of bytes, in which nothing is lost of those that are part of no character: see `bytesOfRaw`. */
export const rawTextOf = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const parts: string[] = [];
  let from = 0;
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at]!;
    const length = lengthBy(lead);
    if (lead < 0x80 || (length > 1 && isUtf8(bytes.subarray(at, at + length)))) at += length;
    else {
      parts.push(bytes.toString('utf8', from, at), oddUnit(lead));
      at += 1;
      from = at;
    }
  }
  return [...parts, bytes.toString('utf8', from)].join('');
};
