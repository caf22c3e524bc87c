import { expect, test } from 'vitest';
import { containsCell } from '../../../src/tui/panes/pane-bounds.ts';

test.each([
  [{ x: 2, y: 3 }, true],
  [{ x: 5, y: 4 }, true],
  [{ x: 6, y: 4 }, false],
  [{ x: 5, y: 5 }, false],
  [{ x: 1, y: 3 }, false],
  [{ x: 2, y: 2 }, false],
])('the cell %j is within four by two cells at 2, 3: %s', (cell, within) => {
  expect(containsCell({ x: 2, y: 3, width: 4, height: 2 }, cell)).toBe(within);
});
