import stringWidth from 'string-width';
import { oneLine } from '../lib/text.ts';

/** Cells are plain text; `tone` colours a whole cell where colours are wanted. */
export type Cell = { readonly text: string; readonly tone?: Tone };
export type Tone = 'good' | 'busy' | 'bad' | 'dim' | { readonly hex: string };
export type Table = {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly empty: string;
};

const CODES = { good: '32', busy: '36', bad: '31', dim: '2' } as const;

const painted = (text: string, tone: Tone | undefined, color: boolean): string => {
  if (!color || tone === undefined || text.trim() === '') return text;
  if (typeof tone === 'string') return `\u001B[${CODES[tone]}m${text}\u001B[0m`;
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(tone.hex.slice(at, at + 2), 16));
  return `\u001B[38;2;${r};${g};${b}m${text}\u001B[0m`;
};

const clipped = (text: string, width: number): string => {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (stringWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
};

type View = { readonly columns: number; readonly color: boolean };

const GAP = 2;
/** How narrow a column gets before the next measure is taken, in columns. */
const NARROW = [8, 4] as const;

const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width + GAP, -GAP);

/** Makes the widest column give way until all fit; columns at the right end go when nothing is left to give. */
const fitted = (natural: readonly number[], columns: number): number[] => {
  const widths = natural.map((width) => Math.min(width, columns));
  for (const least of NARROW)
    for (let widest = Math.max(...widths); total(widths) > columns && widest > least; widest = Math.max(...widths))
      widths[widths.indexOf(widest)] = widest - 1;
  while (total(widths) > columns && widths.length > 1) widths.pop();
  return widths;
};

/** Text of the table in at most `columns` columns: the widest column gives way first. */
export const drawTable = (table: Table, view: View): string => {
  if (table.rows.length === 0) return table.empty;
  const texts = table.rows.map((row) => row.map((cell) => oneLine(cell.text)));
  const natural = table.head.map((title, i) =>
    texts.reduce((most, row) => Math.max(most, stringWidth(row[i] ?? '')), title.length),
  );
  const widths = fitted(natural, view.columns);
  const line = (cells: readonly string[], tones: readonly (Tone | undefined)[]) =>
    widths
      .map((width, i) => {
        const cut = clipped(cells[i] ?? '', width);
        const padding = i === widths.length - 1 ? '' : ' '.repeat(width - stringWidth(cut));
        return painted(cut, tones[i], view.color) + padding;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const titles = table.head.map((title) => title.toUpperCase());
  const head = line(
    titles,
    titles.map(() => 'dim' as const),
  );
  const rows = texts.map((cells, i) =>
    line(
      cells,
      table.rows[i]!.map((cell) => cell.tone),
    ),
  );
  return [head, ...rows].join('\n');
};
