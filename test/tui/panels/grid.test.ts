import { expect, test } from 'vitest';
import { paneRect, shownInstances } from '../../../src/tui/panels/grid.tsx';
import { many } from '../fake-swarm.ts';
import { drawPanel, modelOf } from './draw-panel.ts';

const small = { columns: 80, rows: 24 };

test('a terminal goes inside of the frame, below the line about the task', () => {
  expect(paneRect({ x: 10, y: 5, width: 40, height: 12 })).toEqual({ x: 11, y: 7, width: 38, height: 9 });
  expect(paneRect({ x: 0, y: 0, width: 1, height: 2 })).toMatchObject({ width: 0, height: 0 });
});

test('the page with the selected agent is shown, and below it how many more there are', () => {
  const model = modelOf(many(12), { panes: { selected: 'rehearsal-12', arrangement: 'tiles' } }, small);
  const shown = shownInstances(model).map(({ instance_id }) => instance_id);
  expect(shown).toContain('rehearsal-12');
  expect(shown).not.toContain('rehearsal-1');
  const drawn = drawPanel('grid', model)!;
  for (const id of shown) expect(drawn).toContain(id);
  expect(drawn).toContain(` +${12 - shown.length} more   page `);
});

test('without an agent the middle says how to begin, and with a filter that leaves none how to see them again', () => {
  expect(drawPanel('grid', modelOf([], {}, small))).toContain('launch 3 instances agent=rehearsal');
  const { screen, ...model } = modelOf(many(1), {}, small);
  const { states } = screen.tabs;
  const tabs = { ...screen.tabs, states: { ...states, agents: { ...states.agents, filter: 'stuck' } } };
  const none = modelOf([], {}, small).layout;
  expect(drawPanel('grid', { ...model, instances: [], layout: none, screen: { ...screen, tabs } })).toContain(
    'No agent has “stuck” in its name, state or task.',
  );
});
