import { expect, test } from 'vitest';
import { tasksTab } from '../../../src/tui/tabs/tasks.ts';
import { threeAgents } from '../fake-swarm.ts';
import { tabContext, textOf } from './tab-context.ts';

const TIMELINE = 3;

test('[TUI-6] the timeline has a lane for each agent on one scale, and below them each piece of work', () => {
  const context = tabContext(threeAgents, { own: { mode: TIMELINE }, width: 60 });
  const [lines] = textOf(tasksTab.body(context));
  expect(lines![0]).toMatch(/^timeline {3}\d\d:\d\d:\d\d to \d\d:\d\d:\d\d, 1m 5s/u);
  expect(lines!.slice(1, 3)).toEqual([` rehearsal-1    ${'█'.repeat(43)}`, ` rehearsal-2    ${'▒'.repeat(43)}`]);
  expect(lines!.slice(4).map((line) => line.slice(10))).toEqual([
    '★ █ rehearsal-1   2.1 Parse the lines | 1m 5s …',
    '  █ rehearsal-2   2.2 Write the grammar | 1m 5s …',
  ]);
  const selectable = tasksTab.body(context).columns[0]!.lines.flatMap(({ id }) => id ?? []);
  expect(selectable).toEqual(['2.1', '2.2']);
  expect(textOf(tasksTab.body(tabContext([], { own: { mode: TIMELINE } })))[0]?.[1]).toBe(
    '(Nothing has been done yet.)',
  );
});
