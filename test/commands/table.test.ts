import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { drawTable, type Table } from '../../src/commands/table.ts';

const table: Table = {
  head: ['instance', 'state', 'task', 'branch', 'color', 'session'],
  rows: [
    [
      { text: 'rehearsal-1', tone: { hex: '#1f6feb' } },
      { text: '● working', tone: 'busy' },
      { text: '3.1 3.2' },
      { text: 'feature/3.1-implement-the-workspace-manager' },
      { text: 'azure', tone: 'good' },
      { text: 'repository-rehearsal-1', tone: 'dim' },
    ],
    [
      { text: '漢字エージェント-2' },
      { text: '', tone: 'bad' },
      { text: '\u001B]0;title\u0007two\nlines' },
      { text: '👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻' },
      { text: 'x' },
      { text: 'y' },
    ],
  ],
  empty: 'Nothing.',
};
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => stringWidth(line)));

test.each([1, 3, 8, 12, 20, 40, 60, 80, 120, 200])('a table in %i columns has no wider line', (columns) => {
  for (const color of [false, true]) {
    const text = drawTable(table, { columns, color });
    expect(widest(text)).toBeLessThanOrEqual(columns);
    expect(text.split('\n').length).toBe(3);
  }
});

test('a narrow table keeps all its columns as long as there is room for four characters each', () => {
  const [head] = drawTable(table, { columns: 40, color: false }).split('\n');
  expect(head!.split(/ {2,}/).length).toBe(6);
  expect(drawTable(table, { columns: 12, color: false }).split('\n')[0]).toBe('INS…  STA…');
});

test('a table as wide as it needs is not filled up, and cuts nothing', () => {
  const text = drawTable(table, { columns: 200, color: false });
  expect(text).toContain('feature/3.1-implement-the-workspace-manager');
  expect(text).not.toContain('…');
});

test('without colours there is no escape sequence, with them the text is the same', () => {
  const plain = drawTable(table, { columns: 80, color: false });
  expect(plain).not.toContain('\u001B');
  expect(plain).toContain('two lines');
  const colored = drawTable(table, { columns: 80, color: true });
  expect(colored).toContain('\u001B[38;2;31;111;235m');
  expect(colored).not.toContain('title');
  expect(stripVTControlCharacters(colored)).toBe(plain);
});

test('an empty table says what to do', () => {
  expect(drawTable({ ...table, rows: [] }, { columns: 80, color: true })).toBe('Nothing.');
});
