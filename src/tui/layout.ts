import type { Size } from './compositor/canvas.ts';
import type { Rect } from './compositor/layers.ts';
import { type GridLayout, gridLayout } from './grid-layout.ts';

/** Which rows of the screen belong to what. A part with no height is not shown. */
export type Layout = {
  readonly header: Rect;
  readonly banner: Rect;
  readonly grid: Rect;
  readonly strip: Rect;
  readonly prompt: Rect;
  readonly screen: Rect;
  readonly tiles: GridLayout;
  /** Tiles that are not on this page. */
  readonly more: number;
  readonly page: number;
};

export type LayoutNeeds = {
  readonly size: Size;
  readonly banner: boolean;
  readonly instances: number;
  /** Index of the selected instance: its page is the one that is shown. */
  readonly selected: number;
  readonly zoomed: boolean;
};

const promptRows = (rows: number): number => (rows >= 14 ? 4 : rows >= 8 ? 3 : Math.min(1, rows));

const tilesOf = ({ instances, selected, zoomed }: LayoutNeeds, area: { width: number; height: number }) => {
  if (zoomed && instances > 0) {
    const tiles = [{ x: 0, y: 0, ...area }];
    return { tiles: { columns: 1, perPage: 1, tiles }, page: selected, more: 0 };
  }
  const all = gridLayout(instances, 0, area);
  if (instances <= all.perPage) return { tiles: all, page: 0, more: 0 };
  // One row tells that there are more.
  const paged = { width: area.width, height: area.height - 1 };
  const page = Math.floor(Math.max(0, selected) / gridLayout(instances, 0, paged).perPage);
  const tiles = gridLayout(instances, page, paged);
  return { tiles, page, more: instances - tiles.tiles.length };
};

/** Shares the screen out; on a small one the strip, then the hints go first. */
export const layoutOf = (needs: LayoutNeeds): Layout => {
  const { columns: width, rows } = needs.size;
  const prompt = promptRows(rows);
  const header = rows >= 5 ? 1 : 0;
  const banner = needs.banner && rows >= 10 ? 1 : 0;
  const strip = rows >= 16 ? 1 : 0;
  const top = header + banner;
  const height = Math.max(0, rows - top - strip - prompt);
  const row = (y: number, tall: number): Rect => ({ x: 0, y, width, height: tall });
  return {
    header: row(0, header),
    banner: row(header, banner),
    grid: row(top, height),
    strip: row(top + height, strip),
    prompt: row(rows - prompt, prompt),
    screen: row(0, rows),
    ...tilesOf(needs, { width, height }),
  };
};
