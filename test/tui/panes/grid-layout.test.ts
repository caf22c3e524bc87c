import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gridLayout } from '../../../src/tui/panes/grid-layout.ts';

const area = fc.record({ width: fc.integer({ min: 1, max: 320 }), height: fc.integer({ min: 0, max: 100 }) });

test('the tiles of a page fill the grid without a gap or an overlap', () => {
  fc.assert(
    fc.property(fc.nat(40), area, (count, size) => {
      const { tiles, perPage } = gridLayout(count, 0, size);
      expect(tiles.length).toBe(size.height < 3 ? 0 : Math.min(count, perPage));
      const cells = tiles.reduce((sum, { width, height }) => sum + width * height, 0);
      if (tiles.length > 0) expect(cells).toBe(size.width * size.height);
      for (const { x, y, width, height } of tiles) {
        expect(x + width).toBeLessThanOrEqual(size.width);
        expect(y + height).toBeLessThanOrEqual(size.height);
        expect(Math.min(width, height)).toBeGreaterThan(0);
      }
    }),
  );
});

test.each([
  [1, { width: 120, height: 30 }, 1],
  [2, { width: 160, height: 30 }, 2],
  [3, { width: 120, height: 30 }, 2],
  [4, { width: 200, height: 50 }, 2],
  [9, { width: 300, height: 70 }, 3],
  [2, { width: 70, height: 40 }, 1],
])('%d panes in %j stand in %d columns', (count, size, columns) => {
  expect(gridLayout(count, 0, size).columns).toBe(columns);
});
