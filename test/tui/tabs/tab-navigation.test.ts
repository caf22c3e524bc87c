import { expect, test } from 'vitest';
import { threeAgents } from '../fake-swarm.ts';
import { openTabIn, trees } from './open-tab-in.ts';

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
