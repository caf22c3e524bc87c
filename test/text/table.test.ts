import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { shownLine } from '../../src/lib/text.ts';
import { clip, drawTable, type Table } from '../../src/text/table.ts';

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

test('the widest columns give way first, then the least useful ones go, and the id stays whole', () => {
  const heads = (columns: number, least?: readonly string[]) =>
    drawTable({ ...table, ...(least ? { least } : {}) }, { columns, color: false })
      .split('\n')[0]!
      .split(/ {2,}/);
  expect(heads(80)).toEqual(['INSTANCE', 'STATE', 'TASK', 'BRANCH', 'COLOR', 'SESSION']);
  expect(heads(60)).toEqual(['INSTANCE', 'STATE', 'TASK', 'BRANCH', 'COLOR']);
  expect(heads(60, ['color'])).toEqual(['INSTANCE', 'STATE', 'TASK', 'BRANCH', 'SESSION']);
  expect(heads(40, ['branch', 'no such column'])).toEqual(['INSTANCE', 'STATE', 'TASK']);
  expect(heads(20, ['instance'])).toEqual(['INSTANCE']);
  expect(drawTable(table, { columns: 40, color: false })).toContain('漢字エージェント-2');
});

const characters = fc.constantFrom(
  'a',
  'Z',
  ' ',
  '漢',
  '👩‍💻',
  'e\u0301',
  '\u0301',
  '●',
  '\u001B[31m',
  '\u009B2J',
  '\n',
  'ש',
);
const cell = fc.record({ text: fc.string({ unit: characters, maxLength: 40 }), tone: fc.constantFrom('good', 'dim') });

test('[CLI-6] no table is wider than its terminal, whatever is in it, and its ids are never cut where they have room', () => {
  const tables = fc.integer({ min: 1, max: 7 }).chain((width) =>
    fc.record({
      head: fc.constant(['id', 'b', 'c', 'title', 'e', 'f', 'g'].slice(0, width)),
      rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      empty: fc.constant(''),
      least: fc.subarray(['b', 'title', 'f']),
    }),
  );
  fc.assert(
    fc.property(tables, fc.integer({ min: 1, max: 200 }), fc.boolean(), (one, columns, color) => {
      const lines = drawTable(one, { columns, color }).split('\n');
      expect(lines).toHaveLength(one.rows.length + 1);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      const ids = one.rows.map(([id]) => shownLine(id!.text));
      if (Math.max(2, ...ids.map((id) => stringWidth(id))) > columns) return;
      for (const [at, id] of ids.entries()) expect(stripVTControlCharacters(lines[at + 1]!).startsWith(id)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a cell of a megabyte takes no time to speak of and is cut between characters', () => {
  expect(clip('e\u0301'.repeat(500_000), 4)).toBe('e\u0301e\u0301e\u0301…');
  expect([clip('漢字', 3), clip('漢字', 1), clip('abc', 0), clip('abc', 3)]).toEqual(['漢…', '…', '', 'abc']);
});

test('a table as wide as it needs is not filled up, and cuts nothing', () => {
  const text = drawTable(table, { columns: 200, color: false });
  expect(text).toContain('feature/3.1-implement-the-workspace-manager');
  expect(text).not.toContain('…');
});

test('without colours there is no escape sequence, with them the text is the same', () => {
  const plain = drawTable(table, { columns: 80, color: false });
  expect(plain).not.toContain('\u001B');
  expect(plain).toContain('👩‍💻👩‍💻');
  const colored = drawTable(table, { columns: 80, color: true });
  expect(colored).toContain('\u001B[38;2;31;111;235m');
  expect(stripVTControlCharacters(colored)).toBe(plain);
  expect(stripVTControlCharacters(colored)).toBe(plain);
});

test('an empty table says what to do', () => {
  expect(drawTable({ ...table, rows: [] }, { columns: 80, color: true })).toBe('Nothing.');
});

test('what is known beside the columns is said below each row to whoever wants it, and nothing of it is cut', () => {
  const known: Table = {
    ...table,
    details: [
      [
        ['path', '/a/very/long/path/to/a/worktree'],
        ['note', ''],
      ],
      [['x', '👩‍💻\n two']],
    ],
  };
  expect(drawTable(known, { columns: 80, color: false })).toBe(drawTable(table, { columns: 80, color: false }));
  const lines = drawTable(known, { columns: 20, color: false, detailed: true }).split('\n');
  expect(lines.filter((line) => line.startsWith('    '))).toEqual([
    '    path: /a/very/lo',
    '    ng/path/to/a/wor',
    '    ktree',
    '    x: 👩‍💻 ⏎ two',
  ]);
  expect(widest(lines.join('\n'))).toBeLessThanOrEqual(20);
});
