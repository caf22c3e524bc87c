import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TAB_IDS, TAB_NAMES, TAB_NUMBERS, tabNumbered, tabTitle } from '../../../src/tui/tabs/tab-ids.ts';

test('each view has a number key of its own, and no other key opens one', () => {
  expect(TAB_IDS.map((_, i) => tabNumbered(String(i + 1)))).toEqual(TAB_IDS);
  expect([tabNumbered('0'), tabNumbered('12'), tabNumbered('a'), tabNumbered(String(TAB_IDS.length + 1))]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(TAB_NUMBERS).toBe(`1 … ${TAB_IDS.length}`);
  expect(TAB_NAMES.split(', ')).toEqual(TAB_IDS);
});

test('the document of the screen says of every view what it shows, in the order of the number keys', () => {
  const screen = readFileSync(new URL('../../../docs/screen.md', import.meta.url), 'utf8');
  const rows = [...screen.matchAll(/^\| (?<name>\d \w+) \| (?<shows>.+) \|$/gmu)].map(({ groups }) => groups!);
  expect(rows.map(({ name }) => name)).toEqual(TAB_IDS.map((id, i) => `${i + 1} ${tabTitle(id)}`));
  for (const { shows } of rows) expect(shows).toMatch(/\w/u);
});
