import type { Rect } from '../compositor/layers.ts';

/** Where the tiles of one page go. `columns` is how far one row down is in the order of tiles. */
export type GridLayout = {
  readonly columns: number;
  readonly perPage: number;
  readonly tiles: readonly Rect[];
};

/** The least that a tile can be read in: a title, a line about the task and a few lines of output. */
const LEAST = { width: 36, height: 6 } as const;
// The size of terminal that agents are comfortable in, as a shape to come near to.
const SHAPE = { width: 100, height: 28 } as const;

/** `count` parts that fill `total`, as equal as they can be. */
const parts = (total: number, count: number): readonly { at: number; size: number }[] =>
  Array.from({ length: count }, (_, i) => {
    const at = Math.floor((total * i) / count);
    return { at, size: Math.floor((total * (i + 1)) / count) - at };
  });

const bestColumns = (count: number, most: number, area: { width: number; height: number }): number => {
  let best = { columns: 1, score: -1 };
  const limit = Math.min(most, count);
  for (let columns = 1; columns <= limit; columns += 1) {
    const rows = Math.ceil(count / columns);
    if (area.height / rows < LEAST.height && columns < limit) continue;
    const score = Math.min(area.width / columns / SHAPE.width, area.height / rows / SHAPE.height);
    if (score > best.score) best = { columns, score };
  }
  return best.columns;
};

/** Fills the area with one page of `count` tiles, without a gap; the last row shares its width among fewer. */
export const gridLayout = (count: number, page: number, area: { width: number; height: number }): GridLayout => {
  const mostColumns = Math.max(1, Math.floor(area.width / LEAST.width));
  const mostRows = Math.max(1, Math.floor(area.height / LEAST.height));
  const perPage = mostColumns * mostRows;
  const shown = Math.max(0, Math.min(perPage, count - page * perPage));
  if (shown === 0 || area.height < 3) return { columns: 1, perPage, tiles: [] };
  const columns = bestColumns(shown, mostColumns, area);
  const rows = parts(area.height, Math.ceil(shown / columns));
  const tiles = rows.flatMap(({ at: y, size: height }, row) =>
    parts(area.width, Math.min(columns, shown - row * columns)).map(({ at: x, size: width }) => ({
      x,
      y,
      width,
      height,
    })),
  );
  return { columns, perPage, tiles };
};
