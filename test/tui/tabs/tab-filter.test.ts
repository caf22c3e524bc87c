import { expect, test } from 'vitest';
import { initialScreen, withOverlays, withTabs } from '../../../src/tui/model/screen-state.ts';
import { beginFilter, filterOf, handleFilterKey, typeFilter, withTabState } from '../../../src/tui/tabs/tab-filter.ts';
import { initialTab } from '../../../src/tui/tabs/tab-state.ts';

const { tabs: closed } = initialScreen([]);
const typed = typeFilter({ ...closed, open: 'tasks', isFiltering: true }, 'parse 👨‍👩‍👧');

test('a filter is of the view that is open, and what was selected in the view goes', () => {
  const before = withTabState({ ...closed, open: 'tasks' }, { ...initialTab, cursor: '1', tops: { 0: 4 }, mode: 1 });
  const after = typeFilter(before, 'x');
  expect(after.states.tasks).toEqual({ ...initialTab, mode: 1, filter: 'x' });
  expect([filterOf(after), filterOf({ ...after, open: 'log' })]).toEqual(['x', '']);
});

test('a filter is begun in front of no page, with the keys taken from the command line', () => {
  const page = { title: 'Keys', lines: null, top: 0 };
  const begun = beginFilter(withTabs(withOverlays(initialScreen([]), { page }), { open: 'tasks' }));
  expect([begun.focus, begun.overlays.page, begun.tabs.isFiltering]).toEqual(['panes', null, true]);
});

test.each([
  ['enter', 'parse 👨‍👩‍👧', false],
  ['esc', '', false],
  ['ctrl+c', '', false],
  ['backspace', 'parse ', true],
  ['ctrl+w', 'parse ', true],
  ['ctrl+u', '', true],
  ['f5', 'parse 👨‍👩‍👧', true],
])('%s leaves the filter %j, which is still being typed: %s', (key, filter, isFiltering) => {
  const after = handleFilterKey(typed, key);
  expect([filterOf(after), after.isFiltering]).toEqual([filter, isFiltering]);
});

test('Backspace in an empty filter ends it', () => {
  expect(handleFilterKey({ ...closed, isFiltering: true }, 'backspace').isFiltering).toBe(false);
});
