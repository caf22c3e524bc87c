import { ALONE, cellsOf } from './cells-of.ts';

// Format characters would act on the terminal without showing themselves (right-to-left overrides and the like); only
// the joiner is part of what one sees.
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?!\u200D)\p{Cf}/gu;
const LONGEST = 24;

/**
 * What may be drawn for the text of one cell: never a control or format character, never an endless pile of accents.
 */
export const safeGlyph = (text: string): string => {
  if (text.length === 1 && ALONE.test(text)) return text;
  const clean = text.replace(INVISIBLE, '');
  if (clean === '') return ' ';
  return clean.length > LONGEST ? String.fromCodePoint(clean.codePointAt(0)!) : clean;
};

/** Whether every terminal agrees how far the cursor moves after it. */
export const isPlain = (glyph: string): boolean => {
  const code = glyph.codePointAt(0)!;
  if (glyph.length !== 1) return false;
  return code < 0x300 || (code >= 0x2500 && code < 0x25a0) || (code >= 0x3041 && code < 0xd7a4);
};

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Takes characters as people count them, with the cells of each. Where each stands for itself nobody has to look for them. */
export const eachGlyph = (text: string, take: (glyph: string, width: number) => void): void => {
  if (ALONE.test(text)) for (const glyph of text) take(glyph, cellsOf(glyph));
  else for (const { segment } of segmenter.segment(text)) take(segment, cellsOf(segment));
};
