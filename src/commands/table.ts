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

/** Text of the table in at most `columns` columns: the widest column gives way first. */
export const drawTable = (table: Table, view: { columns: number; color: boolean }): string => {
  if (table.rows.length === 0) return table.empty;
  const texts = table.rows.map((row) => row.map((cell) => oneLine(cell.text)));
  const widths = table.head.map((title, i) => Math.max(title.length, ...texts.map((row) => stringWidth(row[i] ?? ''))));
  const spare = () => widths.reduce((sum, width) => sum + width + 2, -2) - view.columns;
  while (spare() > 0 && Math.max(...widths) > 8) widths[widths.indexOf(Math.max(...widths))]! -= 1;
  const line = (cells: readonly string[], tones: readonly (Tone | undefined)[]) =>
    cells
      .map((text, i) => {
        const cut = clipped(text, widths[i]!);
        const padding = i === cells.length - 1 ? '' : ' '.repeat(widths[i]! - stringWidth(cut));
        return painted(cut, tones[i], view.color) + padding;
      })
      .join('  ')
      .trimEnd();
  const head = line(
    table.head.map((title) => title.toUpperCase()),
    table.head.map(() => 'dim' as const),
  );
  return [
    head,
    ...texts.map((cells, i) =>
      line(
        cells,
        table.rows[i]!.map((cell) => cell.tone),
      ),
    ),
  ].join('\n');
};
