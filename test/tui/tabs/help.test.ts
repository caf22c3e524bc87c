import { expect, test } from 'vitest';
import { helpTab } from '../../../src/tui/tabs/help.ts';
import { tabContext, textOf } from './tab-context.ts';

test('[TUI-6] help has what can be said, and beside it the keys where there is room', () => {
  const answers = { help: null };
  const wide = textOf(helpTab.body(tabContext([], { answers })));
  expect(wide.map(([title]) => title)).toEqual(['commands', 'keys everywhere']);
  expect(wide[0]![1]).toBe('done');
  expect(textOf(helpTab.body(tabContext([], { width: 80 })))).toEqual([['commands', '(asking …)']]);
});
