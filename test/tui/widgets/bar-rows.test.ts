import { expect, test } from 'vitest';
import { sparkline } from '../../../src/tui/widgets/sparkline.ts';

test('a row of bars has the latest at the right, and a blank for nothing', () => {
  expect(sparkline([0, 1, 2, 4], 6)).toBe('   ▂▄█');
  expect(sparkline([1, 2, 3], 2)).toBe('▆█');
  expect(sparkline([0, 0], 2)).toBe('  ');
  expect(sparkline([], 0)).toBe('');
});
