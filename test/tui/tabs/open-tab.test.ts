import { expect, test } from 'vitest';
import { withTabs } from '../../../src/tui/model/screen-state.ts';
import { makeTabOpener } from '../../../src/tui/tabs/open-tab.ts';
import { withFilter } from '../../../src/tui/tabs/tab-filter.ts';
import { threeAgents } from '../fake-swarm.ts';
import { modelOf } from '../panels/draw-panel.ts';

const model = modelOf(threeAgents);
const source = {
  ...model,
  screen: withTabs(model.screen, { open: 'tasks' }),
  answers: new Map(),
} as const;

test('no tab is open while the panes are shown', () => {
  expect(makeTabOpener()({ ...source, screen: model.screen })).toBeNull();
});

test('the body stays the same one until something changes that it shows', () => {
  const openTab = makeTabOpener();
  const first = openTab(source);
  expect(openTab({ ...source, now: source.now + 1 })).toBe(first);
  const changes = [
    { now: source.now + 1000 },
    { answers: new Map() },
    { state: { ...source.state } },
    { layout: modelOf(threeAgents, {}, { columns: 90, rows: 30 }).layout },
  ];
  for (const change of changes) expect(openTab({ ...source, ...change })).not.toBe(openTab(source));
});

test('the body has the size of the middle without the titles, and only the lines that the filter leaves', () => {
  const idsOf = (filter: string) =>
    makeTabOpener()({ ...source, screen: { ...source.screen, tabs: withFilter(source.screen.tabs, filter) } })
      ?.body.columns.flatMap(({ lines }) => lines)
      .flatMap(({ id }) => id ?? []);
  const { width, height } = model.layout.grid;
  expect(makeTabOpener()(source)?.context.size).toEqual({ width, height: height - 1 });
  expect(idsOf('')).toEqual(expect.arrayContaining(['2.1', '2.2', '2.3']));
  expect(idsOf('grammar')).toEqual(['2.2']);
});
