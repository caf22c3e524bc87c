import { expect, test } from 'vitest';
import { shapeOf } from '../../../src/tui/panes/arrangement.ts';
import { gridLayout } from '../../../src/tui/panes/grid-layout.ts';
import { many, moved } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';

test.each([
  [1, 80, 18, 'tiles'],
  [4, 80, 18, 'tiles'],
  [6, 80, 18, 'list'],
  [10, 80, 18, 'list'],
  [10, 200, 60, 'tiles'],
  [40, 400, 90, 'tiles'],
  [40, 120, 30, 'list'],
  [10, 60, 18, 'tiles'],
  [10, 80, 4, 'tiles'],
] as const)('%d panes on %d × %d are shown as %s where the space decides', (count, width, height, shape) => {
  expect(shapeOf('auto', count, { width, height })).toBe(shape);
});

test('what a person asked for holds wherever there is room for it', () => {
  expect(shapeOf('list', 1, { width: 100, height: 30 })).toBe('list');
  expect(shapeOf('list', 10, { width: 50, height: 30 })).toBe('focus');
  expect(shapeOf('tiles', 40, { width: 80, height: 20 })).toBe('tiles');
  expect(gridLayout(40, 0, { width: 80, height: 20 }).tiles.length).toBeLessThan(40);
});

test('[TUI-7] every layout fits every size, down to the smallest', async () => {
  const view = openView([...many(10), moved('rehearsal-4', 'waiting', 'May I?')]);
  await view.see('1 needs you');
  await view.panes();
  for (const layout of ['focus', 'tiles', 'list']) {
    view.type('v');
    await view.see(`layout: ${layout}`);
    for (const [columns, rows] of [
      [80, 24],
      [400, 100],
      [64, 12],
      [40, 9],
      [20, 5],
      [3, 2],
      [1, 1],
    ] as const) {
      view.resize(columns, rows);
      await view.tty.read();
    }
    view.resize(120, 36);
    await view.see('q leave');
    for (const row of view.screen().split('\n')) expect([...row].length).toBeLessThanOrEqual(120);
  }
});
