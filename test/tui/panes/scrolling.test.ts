import { expect, test } from 'vitest';
import { initialScreen, type PanesState } from '../../../src/tui/model/screen-state.ts';
import { scrollByKey, scrollPane } from '../../../src/tui/panes/scrolling.ts';

const live = initialScreen(['a-1', 'a-2']).panes;
const readBack = (above: number): PanesState => ({ ...live, scroll: { id: 'a-1', above } });
const ROOM = { most: 30, height: 10 };

test.each([
  ['a page up, one line of which stays', live, 'shift+pageup', 9],
  ['a page up from there', readBack(9), 'pageup', 18],
  ['no further than to the first line', readBack(28), 'pageup', 30],
  ['a page down', readBack(18), 'pagedown', 9],
  ['to the first line', readBack(1), 'home', 30],
  ['below the last line, where the pane is live again', readBack(9), 'shift+pagedown', null],
  ['to the end', readBack(30), 'end', null],
])('keys read a pane back: %s', (_what, panes, key, above) => {
  expect(scrollByKey(panes, key, ROOM)?.scroll?.above ?? null).toBe(above);
});

test('keys that read on mean something else while a pane is live', () => {
  for (const key of ['pageup', 'pagedown', 'home', 'end', 'x']) expect(scrollByKey(live, key, ROOM)).toBeUndefined();
});

test('the wheel goes three lines, also before it is known how many there are', () => {
  const once = scrollPane(live, 'wheel-up', { most: null, height: 10 });
  expect(once.scroll).toEqual({ id: 'a-1', above: 3 });
  expect(scrollPane(once, 'wheel-down', ROOM).scroll).toBeNull();
});

test('another pane is read back from its own end, and without a pane there is nothing to read', () => {
  expect(scrollPane({ ...readBack(20), selected: 'a-2' }, 'page-up', ROOM).scroll).toEqual({ id: 'a-2', above: 9 });
  expect(scrollPane({ ...live, selected: null }, 'page-up', ROOM).scroll).toBeNull();
});
