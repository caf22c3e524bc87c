import { expect, test } from 'vitest';
import {
  pageLines,
  pageParts,
  pageRoom,
  pageRows,
  shownPage,
  suggestionBoundsOf,
} from '../../../src/tui/control/page-content.ts';
import type { Page } from '../../../src/tui/model/screen-state.ts';
import type { TabId } from '../../../src/tui/tabs/tab-ids.ts';
import type { Piece } from '../../../src/tui/widgets/pieces.ts';

const screenOf = (columns: number, rows: number) => ({
  screen: { x: 0, y: 0, width: columns, height: rows },
  prompt: { x: 0, y: rows - 4, width: columns, height: 4 },
});
const textOf = (page: Page, columns: number): readonly string[] =>
  pageLines(page, screenOf(columns, 30)).map(({ pieces }) => pieces.map(({ text }) => text).join(''));

test('a page of text is wrapped to the box that it stands in', () => {
  const page: Page = { title: 'Answer', lines: ['one two three four', '', 'five'], top: 0 };
  expect(textOf(page, 200)).toEqual(['one two three four', '', 'five']);
  expect(textOf(page, 14).length).toBeGreaterThan(3);
});

test('a page of keys has those of the view that it was asked in by what they are for, in columns where there is room', () => {
  const page = (keysOf: TabId): Page => ({ title: 'Keys', lines: null, keysOf, top: 0 });
  const headings = (keysOf: TabId) => textOf(page(keysOf), 80).filter((line) => /^[A-Z]/u.test(line));
  const all = ['Look', 'Answer', 'Decide', 'Move', 'The screen', 'Command line'];
  expect([headings('agents'), headings('tasks')]).toEqual([all, all]);
  expect(textOf(page('tasks'), 80).join()).toContain('start the task');
  expect(textOf(page('messages'), 80).join()).not.toContain('start the task');
  const lengths = [80, 120, 220].map((columns) => textOf(page('agents'), columns).length);
  expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
  expect(textOf(page('agents'), 120)[0]).toMatch(/^Look {20,}[A-Z]/u);
});

test('a page can be scrolled until its last line is on the screen', () => {
  const page: Page = { title: 'Answer', lines: Array.from({ length: 50 }, (_, i) => `${i}`), top: 0 };
  expect(pageRoom(page, screenOf(80, 30))).toEqual({ height: 24, most: 26 });
  expect(pageRoom({ ...page, lines: ['one'] }, screenOf(80, 30))).toEqual({ height: 24, most: 0 });
  expect(pageRoom(null, screenOf(80, 30)).most).toBe(0);
});

const suggestions = ['show diff t1', 'retry task t1'].map((command) => ({ command, what: null }));

test('what a page suggests stays below its text while that scrolls', () => {
  const page: Page = { title: 'Answer', lines: Array.from({ length: 50 }, (_, i) => `${i}`), suggestions, top: 0 };
  expect(pageRoom(page, screenOf(80, 30))).toEqual({ height: 20, most: 30 });
  const { lines, staying } = pageParts(page, screenOf(80, 30));
  expect([lines.length, staying.length]).toEqual([50, 4]);
});

test('[TUI-3] a suggestion has its place on the screen, with all of its lines, unless it is scrolled away', () => {
  const long = { command: `tell a-1 "${'word '.repeat(30)}"`, what: null };
  const page: Page = { title: 'Answer', lines: ['0', '1'], suggestions: [...suggestions, long], top: 0 };
  const bounds = suggestionBoundsOf(page, screenOf(80, 30));
  expect(bounds.map(({ digit }) => digit)).toEqual(['1', '2', '3', '3', '3']);
  const [first] = bounds;
  expect(bounds.map(({ rect }) => rect)).toEqual(bounds.map((_, i) => ({ ...first!.rect, y: first!.rect.y + i })));
  const low = (top: number) =>
    suggestionBoundsOf({ ...page, lines: ['0', '1', '2', '3', '4'], top }, screenOf(80, 12)).map(({ digit }) => digit);
  expect([low(0), low(9)]).toEqual([[], ['1', '2', '3', '3', '3']]);
});

test('where the suggestions would take more than half of the room they scroll with the text', () => {
  const page: Page = { title: 'Answer', lines: Array.from({ length: 5 }, (_, i) => `${i}`), suggestions, top: 0 };
  expect(pageRoom(page, screenOf(80, 12))).toEqual({ height: 6, most: 3 });
  expect(pageParts(page, screenOf(80, 12)).staying).toEqual([]);
});

test('a page of a diff has the colours of a change in all rows of its lines', () => {
  const long = `+${'added words '.repeat(10)}end`;
  const lines = ['diff --git a/a.txt b/a.txt', '--- a/a.txt', '+++ b/a.txt', '@@ -1,2 +1,2 @@', ' same', '-old', long];
  const looks = pageLines({ title: 'show diff t1', lines, top: 0 }, screenOf(80, 30)).map(
    ({ pieces: [piece] }): Partial<Piece> => ({ ...piece, text: piece!.text.slice(0, 4) }),
  );
  const rest = looks.slice(7);
  expect(looks.slice(0, 7)).toEqual([
    { text: 'diff', bold: true },
    { text: '--- ', bold: true },
    { text: '+++ ', bold: true },
    { text: '@@ -', color: 'cyan', dim: true },
    { text: ' sam' },
    { text: '-old', color: 'red' },
    { text: '+add', color: 'green' },
  ]);
  expect(rest.length).toBeGreaterThan(0);
  expect(rest.every(({ color }) => color === 'green')).toBe(true);
});

test('a search finds and marks what goes across the border of two rows, and only what was gone to in inverse', () => {
  const lines = [`${'word '.repeat(14)}the needle in it`, 'the needle'];
  const page: Page = { title: 'Answer', lines, top: 0 };
  const screen = screenOf(80, 30);
  expect(pageRows(page, screen).map(({ text }) => text)).toEqual([
    `${'word '.repeat(14)}the`,
    '    needle in it',
    'the needle',
  ]);
  const shown = shownPage({ ...page, search: { text: 'the needle', at: 0 } }, screen).lines;
  const inverse = shown.map(({ pieces }) => pieces.flatMap((piece) => (piece.inverse ? [piece.text] : [])));
  expect(inverse).toEqual([['the'], ['needle'], []]);
  expect(shown[2]!.pieces).toEqual([{ text: 'the needle', bold: true, color: 'yellow' }]);
});

test('a page is laid out once, however often it is asked for, scrolled or searched', () => {
  const texts: Page = { title: 'Answer', lines: ['one', 'two'], top: 0 };
  const keys: Page = { title: 'Keys', lines: null, top: 0 };
  const screen = screenOf(80, 30);
  const searched: Page = { ...texts, top: 1, search: { text: 'o', at: 0 } };
  expect(pageLines(searched, screen)).toBe(pageLines(texts, screen));
  expect(pageLines(keys, screen)).toBe(pageLines(keys, screen));
  expect(pageLines(texts, screenOf(100, 30))).not.toBe(pageLines(texts, screen));
});
