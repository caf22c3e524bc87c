import stringWidth from 'string-width';
import { clip } from '../../text/table.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cuts a word into pieces of at most so many columns. */
const splitWord = (word: string, columns: number): string[] => {
  if (stringWidth(word) <= columns) return [word];
  const found = [''];
  for (const { segment } of graphemes.segment(word)) {
    const last = found.at(-1)!;
    if (last !== '' && stringWidth(last + segment) > columns) found.push(segment);
    else found[found.length - 1] = last + segment;
  }
  return found;
};

const wrapLine = (line: string, columns: number): string[] => {
  const lines: string[] = [];
  let open = '';
  for (const word of line.split(' ').flatMap((one) => splitWord(one, columns))) {
    const longer = open === '' ? word : `${open} ${word}`;
    if (stringWidth(longer) <= columns) open = longer;
    else {
      lines.push(open);
      open = word;
    }
  }
  return [...lines, open];
};

const COLOUR = /(\u001B\[[\d;]*m)/u;

/** A line with colours in it, cut: the colours stay as they are. */
const clipColoured = (line: string, columns: number): string => {
  let left = columns;
  const parts = line.split(COLOUR).map((part) => {
    if (COLOUR.test(part)) return part;
    const cut = clip(part, left);
    left -= stringWidth(cut);
    return cut;
  });
  return parts.join('');
};

/** The text as lines that a terminal of so many columns does not break: sentences are wrapped, coloured lines cut. */
export const wrapLines = (text: string, columns: number): string[] =>
  text.split('\n').flatMap((line) => {
    if (stringWidth(line) <= columns) return [line];
    return COLOUR.test(line) ? [clipColoured(line, columns)] : wrapLine(line, columns);
  });
