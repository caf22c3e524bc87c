import { expect, test } from 'vitest';
import { alertsTab } from '../../../src/tui/tabs/alerts.ts';
import { pressTabKey } from '../../../src/tui/tabs/tab-navigation.ts';
import { shownColumns } from '../../../src/tui/tabs/tab-window.ts';
import { alert } from '../panels/draw-panel.ts';
import { created, moved, threeAgents } from '../fake-swarm.ts';
import { openTabIn, trees } from './open-tab-in.ts';
import { tabContext } from './tab-context.ts';

test('columns that were scrolled before the screen became narrower do not matter any more', () => {
  const tops = { 0: 0, 3: 2, 4: 7 };
  const tasks = openTabIn('tasks', threeAgents, 80);
  expect(tasks.press(tasks.view({ tops }), 'down').screen.tabs.states.tasks).toMatchObject({
    cursor: '2.2',
    tops: { 0: 0 },
  });
  const worktrees = openTabIn('worktrees', threeAgents, 80, trees);
  const { screen } = worktrees.press(worktrees.view({ tops: { 1: 30 } }), 'down');
  expect(screen.tabs.states.worktrees).toMatchObject({ cursor: 'two', tops: { 0: 0 } });
});

test('a text beside the list begins where it begins when another line is selected', () => {
  const { press, view: screen } = openTabIn('worktrees', threeAgents, 120, trees);
  expect(press(screen({ tops: { 1: 30 } }), 'down').screen.tabs.states.worktrees.tops).toEqual({ 0: 0 });
});

const ENTRIES = [
  ...[created(1), moved('rehearsal-1', 'waiting', 'Go?'), created(2), moved('rehearsal-2', 'waiting', 'Why?')],
  ...[alert('warning', 'list tasks'), alert('info', 'clean events')],
];
const PRINTED = { text: ['one', 'two', 'three', 'four', 'last'].join('\n') };

/** What stands on the screen after each of so many presses of a key, in alerts of so many rows. */
const shownAfter = (height: number, keys: readonly string[]): readonly string[] => {
  const answers = Object.fromEntries([1, 2].map((n) => [`show log rehearsal-${n} limit=60`, PRINTED]));
  const base = { ...tabContext(ENTRIES, { width: 60, answers }), size: { width: 60, height } };
  let { own } = base;
  return keys.map((name) => {
    const context = { ...base, own };
    own = pressTabKey({ tab: alertsTab, context, body: alertsTab.body(context) }, name)!.own;
    const [column] = shownColumns(alertsTab.body({ ...base, own }), own, height);
    return column!.lines.map(({ pieces }) => pieces.map(({ text }) => text).join('')).join('\n');
  });
};

test('what stands below a selected line is scrolled into sight with it, also where the line is the last one', () => {
  const [home, second, third, last] = shownAfter(8, ['home', 'down', 'down', 'down']) as [
    string,
    string,
    string,
    string,
  ];
  expect(home).toMatch(/rehearsal-1 asks.*│ +last/su);
  expect(second).toMatch(/rehearsal-2 asks.*answer rehearsal-2.*│ +last/su);
  expect(third).toMatch(/warning text.*list tasks/su);
  expect(last).toMatch(/info text.*clean events/su);
});

test('of a line with more below it than fits as much is shown as there is room for', () => {
  const shown = shownAfter(4, ['home', 'down', 'down', 'down', 'up', 'up', 'up']);
  expect(shown[1]).toMatch(/^ . rehearsal-2 asks.*answer rehearsal-2.*│ +two$/su);
  expect(shown[3]).toMatch(/info text.*clean events/su);
  expect(shown[6]).toMatch(/^ . rehearsal-1 asks.*│ +two$/su);
});
