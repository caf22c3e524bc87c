import { expect, test } from 'vitest';
import type { OpenTab, TabColumn } from '../../../src/tui/tabs/tab.ts';
import { initialTab, initialTabs } from '../../../src/tui/tabs/tab-state.ts';
import { tabContext } from '../tabs/tab-context.ts';
import { drawPanel, modelOf } from './draw-panel.ts';

const columnOf = (title: string, ids: readonly string[], weight = 1): TabColumn => ({
  title: [{ text: title }],
  lines: ids.map((id) => ({ id, pieces: [{ text: ` ${id}` }], right: [{ text: 'r ' }] })),
  weight,
  empty: 'nothing yet',
});

const draw = (columns: readonly TabColumn[], rows = 14): readonly string[] => {
  const own = { ...initialTab, cursor: 'a' };
  const tabs = { open: 'tasks', states: { ...initialTabs, tasks: own } } as const;
  const model = modelOf([], { tabs, focus: 'panes' }, { columns: 41, rows });
  const open: OpenTab = {
    tab: { modes: [], keys: [], body: () => ({ columns }) },
    context: { ...tabContext([]), own },
    body: { columns },
  };
  return drawPanel('tab', { ...model, open })!.split('\n');
};

test('columns share the width by their weights, and an empty one says so', () => {
  const [titles, first] = draw([columnOf('One', ['a'], 1), columnOf('Two', [], 3)]);
  expect(titles).toBe(' One        Two');
  expect(first).toBe(' a      r    nothing yet');
});

test('a column with more lines than fit says which are shown', () => {
  const ids = [...'abcdefghijklmnop'];
  const [title, ...lines] = draw([columnOf('One', ids)]);
  const shown = lines.filter((line) => / r$/u.test(line)).length;
  expect(shown).toBeLessThan(ids.length);
  expect(title).toMatch(new RegExp(`^ One +1–${shown} of ${ids.length}$`, 'u'));
});

test('the panel is not shown while the panes are', () => {
  expect(drawPanel('tab', modelOf([]))).toBeUndefined();
});
