import { expect, test } from 'vitest';
import { barRows } from '../../../src/tui/widgets/bar-rows.ts';

test('a row of bars has the latest at the right, and a blank for nothing', () => {
  expect(barRows([0, 1, 2, 4], 6, 1)).toEqual(['   ▂▄█']);
  expect(barRows([1, 2, 3], 2, 1)).toEqual(['▆█']);
  expect(barRows([0, 0], 2, 1)).toEqual(['  ']);
  expect(barRows([], 0, 1)).toEqual(['']);
});

test('bars of several rows are as high as they are many times finer', () => {
  expect(barRows([0, 1, 4, 6, 8], 5, 2)).toEqual(['   ▄█', ' ▂███']);
  expect(barRows([1, 1000], 2, 3)).toEqual([' █', ' █', '▁█']);
});
