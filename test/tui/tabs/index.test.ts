import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tabOf } from '../../../src/tui/tabs/index.ts';
import { TAB_IDS } from '../../../src/tui/tabs/tab-ids.ts';

const folder = new URL('../../../src/tui/tabs/', import.meta.url);

test('every view but the agents’ panes is a tab, in the file of its name', async () => {
  expect(tabOf('agents')).toBeNull();
  for (const id of TAB_IDS.filter((one) => one !== 'agents')) {
    const exported: Record<string, unknown> = await import(new URL(`${id}.ts`, folder).href);
    expect(Object.values(exported)).toContain(tabOf(id));
  }
});

test('no tab is forgotten: each file that makes one is a view', async () => {
  const files = readdirSync(folder).filter((file) => file !== 'index.ts');
  const tabs = await Promise.all(
    files.map(async (file) => {
      const exported: Record<string, unknown> = await import(new URL(file, folder).href);
      return Object.values(exported).some((one) => typeof one === 'object' && one !== null && 'body' in one)
        ? [file]
        : [];
    }),
  );
  expect(tabs.flat().toSorted()).toEqual(
    TAB_IDS.filter((id) => id !== 'agents')
      .map((id) => `${id}.ts`)
      .toSorted(),
  );
});
