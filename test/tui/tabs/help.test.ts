import { expect, test } from 'vitest';
import { KEY_TABLE } from '../../../src/tui/control/key-table.ts';
import { helpTab } from '../../../src/tui/tabs/help.ts';
import { columnWidths } from '../../../src/tui/tabs/tab-window.ts';
import { tabContext, textOf } from './tab-context.ts';

test('[TUI-6] help has what can be said, and beside it the keys where there is room', () => {
  const answers = { help: null };
  const wide = textOf(helpTab.body(tabContext([], { answers })));
  expect(wide.map(([title]) => title)).toEqual(['commands', 'keys everywhere']);
  expect(wide[0]![1]).toBe('done');
  expect(textOf(helpTab.body(tabContext([], { width: 80 })))).toEqual([['commands', '(asking …)']]);
});

test.each([120, 140, 300])('[TUI-6] on %i columns no key of the help is cut', (width) => {
  const body = helpTab.body(tabContext([], { answers: { help: null }, width }));
  const [, keys] = columnWidths(
    body.columns.map(({ weight }) => weight),
    width,
  );
  const lines = body.columns[1]!.lines.map(({ pieces }) => pieces.map(({ text }) => text).join(''));
  expect(lines.filter((line) => line.length > keys!)).toEqual([]);
  const said = lines.map((line) => line.trim()).join(' ');
  for (const action of ['views', 'suggestion', 'back'] as const) expect(said).toContain(KEY_TABLE[action].help);
});
