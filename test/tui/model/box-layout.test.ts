import { expect, test } from 'vitest';
import { boxRoom, boxTextWidth, boxWidth, centreBox } from '../../../src/tui/model/box-layout.ts';

test.each([
  [200, false, 200],
  [200, true, 72],
  [76, false, 76],
  [75, false, 75],
  [75, true, 72],
  [40, true, 40],
  [0, true, 1],
])('on %d columns a box (narrow: %s) is %d cells wide, its text four less', (columns, narrow, width) => {
  expect(boxWidth(columns, narrow)).toBe(width);
  expect(boxTextWidth(columns, narrow)).toBe(Math.max(1, width - 4));
});

const areaOf = (width: number, height: number, prompt: number) => ({
  screen: { x: 0, y: 0, width, height },
  prompt: { x: 0, y: height - prompt, width, height: prompt },
});

test('a box stands in the middle above the prompt, and takes no more lines than there are', () => {
  const area = areaOf(100, 30, 4);
  expect(boxRoom(area)).toBe(24);
  expect(centreBox(area, 40, 6)).toEqual({ x: 30, y: 9, width: 40, height: 8 });
  expect(centreBox(area, 40, 90)).toEqual({ x: 30, y: 0, width: 40, height: 26 });
  expect(boxRoom(areaOf(10, 2, 1))).toBe(1);
});
