import { expect, test } from 'vitest';
import { shownRect } from '../../../src/tui/panels/panel.ts';

test('a part of the layout without a cell is not shown', () => {
  const rect = { x: 1, y: 2, width: 3, height: 1 };
  expect([shownRect(rect), shownRect({ ...rect, width: 0 }), shownRect({ ...rect, height: 0 })]).toEqual([
    rect,
    null,
    null,
  ]);
});
