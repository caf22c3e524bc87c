import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutOf } from '../../../src/tui/model/layout.ts';

test('the parts of the screen never overlap and never leave it, whatever its size', () => {
  fc.assert(
    fc.property(
      fc.record({ columns: fc.integer({ min: 1, max: 300 }), rows: fc.integer({ min: 1, max: 100 }) }),
      fc.boolean(),
      fc.record({ instances: fc.nat(30), caption: fc.nat(4), answer: fc.nat(40) }),
      fc.boolean(),
      (size, banner, { instances, caption, answer }, zoomed) => {
        const selected = instances - 1;
        const layout = layoutOf({ size, banner, instances, selected, zoomed, caption, answer });
        const parts = [layout.caption, layout.header, layout.banner, layout.grid, layout.strip, layout.prompt];
        expect(parts.reduce((sum, { height }) => sum + height, 0)).toBe(size.rows);
        for (const [i, part] of parts.slice(1).entries()) expect(part.y).toBe(parts[i]!.y + parts[i]!.height);
        const { tiles, perPage } = layout.tiles;
        if (tiles.length > 0) expect(layout.page * perPage + tiles.length).toBeGreaterThan(selected);
        expect(layout.more === 0 || layout.more + tiles.length === instances).toBe(true);
      },
    ),
  );
});
