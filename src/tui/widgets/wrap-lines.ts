import stringWidth from 'string-width';
import { shown, withoutControls } from '../../lib/text.ts';

const TAB = '  ';
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The longest start of the text that fits, up to a blank if that leaves at least half of the width. */
const firstPart = (text: string, width: number): string => {
  let fitting = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += stringWidth(segment);
    // A part has at least one character, so that wrapping comes to an end.
    if (used > width && fitting !== '') break;
    fitting += segment;
  }
  if (fitting.length === text.length) return text;
  const blank = text[fitting.length] === ' ' ? fitting.length : fitting.lastIndexOf(' ');
  return blank >= fitting.length / 2 ? text.slice(0, blank) : fitting;
};

/** How many cells a column must have so that it can be read down. */
const LEAST_COLUMN = 24;
const HANGING = 4;

/**
 * Where the further parts of a wrapped line begin: in the last column of a table, or a little to the right of the line.
 */
const indentOf = (line: string, width: number): number => {
  const gap = line.slice(0, width).lastIndexOf('  ');
  const column = gap < 0 ? 0 : gap + 2;
  const own = line.length - line.trimStart().length;
  if (column > own && width - column >= LEAST_COLUMN) return column;
  return own + HANGING < width / 2 ? own + HANGING : 0;
};

const wrapLine = (line: string, width: number): readonly string[] => {
  const first = firstPart(line, width);
  const parts = [first];
  const indent = ' '.repeat(indentOf(line, width));
  let rest = line.slice(first.length).trimStart();
  while (rest !== '') {
    const part = firstPart(rest, Math.max(1, width - indent.length));
    parts.push(indent + part);
    rest = rest.slice(part.length).trimStart();
  }
  return parts;
};

/** The lines of a page, wrapped to so many cells; nothing of what was printed is lost. */
export const wrapLines = (lines: readonly string[], width: number): readonly string[] =>
  lines.flatMap((line) => wrapLine(shown(withoutControls(line)).replaceAll('\t', TAB).trimEnd(), Math.max(1, width)));
