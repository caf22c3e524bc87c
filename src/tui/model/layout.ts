import type { Size } from '../compositor/canvas.ts';
import type { Rect } from '../compositor/layers.ts';
import { type Arrangement, listWidth, type Shape, shapeOf } from '../panes/arrangement.ts';
import { type GridLayout, gridLayout } from '../panes/grid-layout.ts';

/** The rectangles of the parts of the screen. A part with no height is not shown. */
export type Layout = {
  /** What a guide says. */
  readonly caption: Rect;
  readonly header: Rect;
  readonly banner: Rect;
  readonly grid: Rect;
  readonly strip: Rect;
  readonly prompt: Rect;
  readonly screen: Rect;
  /** The list of all agents beside the large pane; empty in every other shape. */
  readonly list: Rect;
  readonly shape: Shape;
  readonly tiles: GridLayout;
  /** How many tiles are not on this page. */
  readonly more: number;
  readonly page: number;
};

type LayoutNeeds = {
  readonly size: Size;
  /** How many rows a guide needs. */
  readonly caption?: number;
  readonly banner: boolean;
  /** How many rows the answer to the last command needs. */
  readonly answer?: number;
  readonly instances: number;
  /** Index of the selected instance: its page is the one that is shown. */
  readonly selected: number;
  readonly zoomed: boolean;
  /** The selected agent has the keyboard, so its pane is shown large. */
  readonly typing?: boolean;
  readonly arrangement?: Arrangement;
};

/** The rows of the command line; an answer that takes more than the two below it has up to a third of the screen. */
const promptRows = (rows: number, answer: number): number => {
  if (rows < 14) return rows >= 8 ? 3 : Math.min(1, rows);
  return 4 + Math.max(0, Math.min(answer - 2, Math.floor(rows / 3) - 4));
};

type Area = { readonly width: number; readonly height: number };

const shapeNow = ({ instances, zoomed, typing = false, arrangement = 'auto' }: LayoutNeeds, area: Area): Shape => {
  if (instances === 0) return 'tiles';
  const shape = shapeOf(arrangement, instances, area);
  return zoomed || (typing && shape === 'tiles') ? 'focus' : shape;
};

/** One pane beside a list of so many cells. */
const onePane = (selected: number, list: number, { width, height }: Area) => {
  const tiles = [{ x: list, y: 0, width: width - list, height }];
  return { tiles: { columns: 1, perPage: 1, tiles }, page: Math.max(0, selected), more: 0 };
};

const tilesOf = ({ instances, selected }: LayoutNeeds, shape: Shape, area: Area) => {
  if (shape !== 'tiles') return onePane(selected, shape === 'list' ? listWidth(area.width) : 0, area);
  const all = gridLayout(instances, 0, area);
  if (instances <= all.perPage) return { tiles: all, page: 0, more: 0 };
  // One row tells how many more tiles there are.
  const paged = { width: area.width, height: area.height - 1 };
  const page = Math.floor(Math.max(0, selected) / gridLayout(instances, 0, paged).perPage);
  const tiles = gridLayout(instances, page, paged);
  return { tiles, page, more: instances - tiles.tiles.length };
};

/** Shares the screen out among its parts; on a small screen the strip of tasks goes first, then the hints. */
export const layoutOf = (needs: LayoutNeeds): Layout => {
  const { columns: width, rows } = needs.size;
  const prompt = promptRows(rows, needs.answer ?? 0);
  const header = rows >= 5 ? 1 : 0;
  const caption = Math.min(needs.caption ?? 0, Math.max(0, Math.floor((rows - 8) / 4)));
  const banner = needs.banner && rows >= 10 ? 1 : 0;
  const strip = rows >= 16 ? 1 : 0;
  const top = caption + header + banner;
  const height = Math.max(0, rows - top - strip - prompt);
  const row = (y: number, tall: number): Rect => ({ x: 0, y, width, height: tall });
  const area = { width, height };
  const shape = shapeNow(needs, area);
  return {
    shape,
    list: { x: 0, y: top, width: shape === 'list' ? listWidth(width) : 0, height: shape === 'list' ? height : 0 },
    caption: row(0, caption),
    header: row(caption, header),
    banner: row(caption + header, banner),
    grid: row(top, height),
    strip: row(top + height, strip),
    prompt: row(rows - prompt, prompt),
    screen: row(0, rows),
    ...tilesOf(needs, shape, area),
  };
};
