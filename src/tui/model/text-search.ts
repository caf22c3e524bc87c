import { charactersOf } from '../prompt/prompt-text.ts';
import type { WrappedRow } from '../widgets/wrap-lines.ts';

/** What is looked for in a text that is read, and in which of its rows it was found; null: in none. */
export type TextSearch = { readonly text: string; readonly at: number | null };

/** The keys that go from match to match, and which way. */
export const SEARCH_STEPS: Readonly<Record<string, 1 | -1>> = { enter: 1, down: 1, up: -1 };

/** What is looked for after a key that takes some of it away; undefined for any other key. */
export const shortenedBy = (key: string, text: string): string | undefined => {
  if (key === 'ctrl+u') return '';
  return key === 'backspace' ? charactersOf(text).slice(0, -1).join('') : undefined;
};

/** Whether a key ends a search. */
export const endsSearch = (key: string, text: string): boolean => key === 'esc' || (key === 'backspace' && text === '');

/** Whether a row has the text, in whichever case. */
export const hasText = (row: string, text: string): boolean =>
  text !== '' && row.toLowerCase().includes(text.toLowerCase());

/** A row that is a whole line. */
export const wholeRow = (text: string): WrappedRow => ({ text, indent: 0, line: text, start: 0 });

/** A part of a row that belongs to a match, and the row in which that begins. */
export type Mark = { readonly from: number; readonly to: number; readonly begins: number };

/** The text without its case; a character that would change its length keeps it, so that all places stay what they are. */
const folded = (text: string): string => {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return text.replaceAll(/./gsu, (one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one));
};

/** Where the text stands in a line. */
const placesIn = (line: string, wanted: string): readonly number[] => {
  const places: number[] = [];
  const searched = folded(line);
  for (let at = searched.indexOf(wanted); at >= 0; at = searched.indexOf(wanted, at + wanted.length)) places.push(at);
  return places;
};

/** What of each row belongs to a match; lines are searched as they were before they were wrapped. */
export const marksIn = (rows: readonly WrappedRow[], text: string): readonly (readonly Mark[])[] => {
  if (text === '') return rows.map(() => []);
  const wanted = folded(text);
  let places: readonly number[] = [];
  let next = 0;
  let begins = -1;
  return rows.map(({ text: { length }, indent, line, start }, row) => {
    if (start === 0) {
      places = placesIn(line, wanted);
      next = 0;
      begins = -1;
    }
    const end = start + length - indent;
    const marks: Mark[] = [];
    for (; next < places.length && places[next]! < end; next += 1) {
      const from = Math.max(start, places[next]!);
      const to = Math.min(end, places[next]! + wanted.length);
      if (begins < 0) begins = row;
      if (from < to) marks.push({ from: from - start + indent, to: to - start + indent, begins });
      // It goes on in the next row.
      if (places[next]! + wanted.length > end) break;
      begins = -1;
    }
    return marks;
  });
};

/** The rows in which a match begins. */
export const matchRows = (rows: readonly WrappedRow[], text: string): readonly number[] =>
  marksIn(rows, text).flatMap((marks, row) => (marks.some(({ begins }) => begins === row) ? [row] : []));

/** The first of these rows from one on, or the last one before it; behind the last comes the first. */
export const nextRow = (found: readonly number[], from: number, step: 1 | -1): number | null =>
  (step > 0 ? (found.find((at) => at >= from) ?? found[0]) : (found.findLast((at) => at <= from) ?? found.at(-1))) ??
  null;

/** The first row to show so that one of them is in sight, with some of what stands above it where the view has to move. */
export const topToShow = (at: number, top: number, height: number): number =>
  at >= top && at < top + height ? top : Math.max(0, at - Math.floor(height / 3));
