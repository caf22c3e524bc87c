import stringWidth from 'string-width';

/** Texts of signs that stand for themselves, whatever is beside them: letters of the west, arrows, frames, bars and marks. */
export const ALONE = /^[ -~\u00A1-\u00AC\u00AE-\u02FF\u2010-\u2027\u2030-\u205E\u2190-\u2BFF]*$/u;
const PLAIN = /^[ -~]*$/u;

/** The cells of each of those signs; none is wider than two, and 255 says that nobody has asked yet. */
const signs = new Uint8Array(0x2c00).fill(255);

const cellsOfSigns = (text: string): number => {
  let cells = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (signs[code] === 255) signs[code] = stringWidth(text[at]!);
    cells += signs[code]!;
  }
  return cells;
};

/** The same few other texts are measured at every drawing, which takes microseconds for each. */
const MEASURED = 4096;
const measured = new Map<string, number>();

/** How many cells a text takes. */
export const cellsOf = (text: string): number => {
  if (PLAIN.test(text)) return text.length;
  if (ALONE.test(text)) return cellsOfSigns(text);
  let cells = measured.get(text);
  if (cells === undefined) {
    cells = stringWidth(text);
    if (measured.size === MEASURED) measured.clear();
    measured.set(text, cells);
  }
  return cells;
};
