import { expect, test } from 'vitest';
import { withTabs } from '../../../src/tui/model/screen-state.ts';
import { tabFooter } from '../../../src/tui/tabs/tab-footer.ts';
import type { TabId } from '../../../src/tui/tabs/tab-ids.ts';
import type { TabState } from '../../../src/tui/tabs/tab-state.ts';
import { threeAgents } from '../fake-swarm.ts';
import { modelOf } from '../panels/draw-panel.ts';
import { openTabIn } from './open-tab-in.ts';

const key = (label: string, help: string) => [{ text: `[${label} ${help}]` }];
const footerOf = (tab: TabId, own: Partial<TabState> = {}, isFiltering = false): string | null => {
  const { view, openIn } = openTabIn(tab, threeAgents);
  const screen = withTabs(view(own), { isFiltering });
  const pieces = tabFooter({ ...modelOf(threeAgents), screen, open: openIn(screen) }, key);
  return pieces?.map(({ text }) => text).join('') ?? null;
};

test('the footer of a view has its keys, and what Esc does there', () => {
  expect(footerOf('tasks')).toContain('[/ filter][Esc agents][? keys]');
  expect(footerOf('log')).toContain('[/ search]');
  expect(footerOf('tasks', { filter: 'parse' })).toMatch(/^ \/ parse .*\[Esc show all\]/u);
});

test('the panes have a footer of their own, unless a filter narrows them', () => {
  expect(footerOf('agents')).toBeNull();
  expect(footerOf('agents', { filter: 'idle' })).toBe(' / idle ');
});

test('while a filter is typed it stands in the footer', () => {
  expect(footerOf('tasks', { filter: 'par' }, true)).toBe(' / par▏   [Enter keep][Esc show all]');
});
