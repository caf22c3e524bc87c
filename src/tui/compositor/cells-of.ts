import stringWidth from 'string-width';

/** The same few texts are measured at every drawing, and one that is not plain takes microseconds. */
const MEASURED = 4096;
const measured = new Map<string, number>();

/** How many cells a text takes. */
export const cellsOf = (text: string): number => {
  let cells = measured.get(text);
  if (cells === undefined) {
    cells = stringWidth(text);
    if (measured.size === MEASURED) measured.clear();
    measured.set(text, cells);
  }
  return cells;
};
