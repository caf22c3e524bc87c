import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TabBody, TabLine } from '../../../src/tui/tabs/tab.ts';
import { initialTab } from '../../../src/tui/tabs/tab-state.ts';
import { filterBody, filterLines, selectedLine, shownColumns } from '../../../src/tui/tabs/tab-window.ts';

const line = (id: string, text = id): TabLine => ({ id, pieces: [{ text }] });
const heading = (text: string): TabLine => ({ heading: true, pieces: [{ text }] });
const below = (text: string): TabLine => ({ pieces: [{ text }] });
const texts = (lines: readonly TabLine[]) => lines.map(({ pieces }) => pieces.map(({ text }) => text).join(''));
const body = (...columns: readonly TabLine[][]): TabBody => ({
  columns: columns.map((lines) => ({ title: [], lines, weight: 1 })),
});

test('a filter keeps the lines with all its words, what belongs to them and the headings above', () => {
  const lines = [heading('A'), line('one red'), below('of one'), line('two'), heading('B'), line('three'), below('x')];
  expect(texts(filterLines(lines, 'RED one'))).toEqual(['A', 'one red', 'of one']);
  expect(texts(filterLines(lines, 'three'))).toEqual(['B', 'three', 'x']);
  expect(texts(filterLines(lines, ' '))).toEqual(texts(lines));
  expect(filterLines(lines, 'nothing of it')).toEqual([]);
});

test('a column of text without lines to select is not filtered', () => {
  const both = body([line('a'), line('b')], [below('some'), below('text')]);
  expect(filterBody(both, 'b').columns.map(({ lines }) => texts(lines))).toEqual([['b'], ['some', 'text']]);
  expect(filterBody(both, '')).toBe(both);
});

test('the selected line is the one that was, in whichever column it is now, else the first there is', () => {
  const both = body([below('x'), line('a')], [line('b')]);
  expect(selectedLine(both, { ...initialTab, cursor: 'b' })).toEqual({ column: 1, index: 0, id: 'b' });
  expect(selectedLine(both, { ...initialTab, cursor: 'gone' })).toEqual({ column: 0, index: 1, id: 'a' });
  expect(selectedLine(both, { ...initialTab, cursor: 'gone', column: 1 })).toEqual({ column: 1, index: 0, id: 'b' });
  expect(selectedLine(body([below('x')], []), initialTab)).toBeNull();
});

test('the selected line is always on the screen, and no more lines than fit', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.integer({ min: 1, max: 20 }), fc.nat(80), fc.nat(80), (count, height, top, cursor) => {
      const lines = Array.from({ length: count }, (_, i) => line(String(i)));
      const own = { ...initialTab, cursor: String(cursor), tops: { 0: top } };
      const [shown] = shownColumns(body(lines), own, height);
      expect(shown!.lines.length).toBe(Math.min(count, height));
      if (count > 0) expect(shown!.lines[shown!.at]?.id).toBe(cursor < count ? String(cursor) : '0');
    }),
  );
});

test('a log shows its end until it is scrolled', () => {
  const lines = Array.from({ length: 50 }, (_, i) => below(String(i)));
  const log: TabBody = { columns: [{ title: [], lines, weight: 1, fromEnd: true }] };
  expect(texts(shownColumns(log, initialTab, 3)[0]!.lines)).toEqual(['47', '48', '49']);
  expect(texts(shownColumns(log, { ...initialTab, tops: { 0: 10 } }, 3)[0]!.lines)).toEqual(['10', '11', '12']);
});

test('what stands above the first line is seen by going there, and what belongs to a line is in sight with it', () => {
  const lines = [...Array.from({ length: 5 }, (_, n) => below(`above ${n}`)), line('one'), below('of'), below('one')];
  const shown = (tops: Readonly<Record<number, number>>) =>
    texts(shownColumns(body(lines), { ...initialTab, cursor: 'one', tops }, 6)[0]!.lines);
  expect(shown({})[0]).toBe('above 2');
  expect(shown({ 0: 0 })).toEqual([...Array.from({ length: 5 }, (_, n) => `above ${n}`), 'one']);
});
