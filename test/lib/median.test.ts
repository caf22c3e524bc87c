import { expect, test } from 'vitest';
import { median } from '../../src/lib/median.ts';

test.each<[readonly number[], number | null]>([
  [[], null],
  [[7], 7],
  [[16, 4, 6], 6],
  [[15, 4], 9.5],
  [[4, 15, 5, 5, 6, 15, 15, 6, 16, 6, 20, 20], 10.5],
])('the median of %j is %s', (values, middle) => expect(median(values)).toBe(middle));
