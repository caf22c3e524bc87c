/**
 * Bytes that are no UTF-8, as names of files on Linux may have them, stand in a string without a loss: each byte that belongs
 * to no character is one of 128 lone surrogates, which no text has (PEP 383). Drawn, or written as UTF-8, they are replacement
 * characters.
 */
const ODD = 0xdc00;

/** What stands in a text for a byte that is part of no character. */
export const oddUnit = (byte: number): string => String.fromCharCode(ODD + byte);

/** Whether bytes that are no UTF-8 stand in it. */
export const isRaw = (text: string): boolean => !text.isWellFormed();

/** The bytes of one character, of which `more` follow the first. */
const encoded = (code: number, first: number, more: number): number[] => [
  first | (code >> (6 * more)),
  ...Array.from({ length: more }, (_, n) => 0x80 | ((code >> (6 * (more - 1 - n))) & 0x3f)),
];

const REPLACEMENT = 0xfffd;

const bytesOf = (code: number): number[] => {
  if (code > ODD + 0x7f && code <= ODD + 0xff) return [code - ODD];
  if (code >= 0xd800 && code <= 0xdfff) return bytesOf(REPLACEMENT);
  if (code < 0x80) return [code];
  if (code < 0x800) return encoded(code, 0xc0, 1);
  return code < 0x1_00_00 ? encoded(code, 0xe0, 2) : encoded(code, 0xf0, 3);
};

/** The bytes that a text stands for. */
export const bytesOfRaw = (text: string): Uint8Array =>
  Uint8Array.from([...text].flatMap((character) => bytesOf(character.codePointAt(0)!)));
