import stringWidth from 'string-width';
import type { Io } from '../io.ts';
import { wrapLines } from './wrap-lines.ts';

const USUAL = { columns: 80, rows: 24 } as const;
const ESC = '\u001B[';
/** Terminals that know it show all of a change at once. */
const BEGIN = `${ESC}?2026h`;
const END = `${ESC}?2026l`;

const up = (rows: number): string => (rows > 0 ? `${ESC}${rows}A` : '');

/** What has to be written so that the lines before become the next ones; the cursor stands below them before and after. */
export const changes = (before: readonly string[], next: readonly string[]): string => {
  const rows = Math.max(before.length, next.length);
  let out = '';
  for (let row = 0; row < rows; row += 1) {
    const line = next[row] ?? '';
    const changed = row >= before.length || line !== before[row] || row >= next.length;
    out += changed ? `${line}${ESC}K\r\n` : '\r\n';
  }
  return `${up(before.length)}\r${out}${up(rows - next.length)}`;
};

/** A text in the normal screen that is drawn over by the next one. What was there before it stays, and so does the last one. */
export const openPicture = ({ stdout }: Pick<Io, 'stdout'>) => {
  let shown: readonly string[] = [];
  let text = '';
  const draw = (): void => {
    const { columns = USUAL.columns, rows = USUAL.rows } = stdout;
    const lines = wrapLines(text, columns || USUAL.columns);
    const room = Math.max(2, (rows || USUAL.rows) - 1);
    const next =
      lines.length <= room ? lines : [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more lines`];
    if (next.length === shown.length && next.every((line, row) => line === shown[row])) return;
    stdout.write(`${BEGIN}${changes(shown, next)}${END}`);
    shown = next;
  };
  /** The terminal has broken our lines anew: all of them are drawn again. */
  const resized = (): void => {
    const columns = stdout.columns || USUAL.columns;
    const rows = shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / columns)), 0);
    stdout.write(`${up(rows)}\r${ESC}J`);
    shown = [];
    draw();
  };
  stdout.write(`${ESC}?25l`);
  stdout.on('resize', resized);
  return {
    show: (next: string): void => {
      text = next;
      draw();
    },
    close: (): void => {
      stdout.off('resize', resized);
      stdout.write(`${ESC}?25h`);
    },
  };
};
