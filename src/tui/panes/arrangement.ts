import { gridLayout } from './grid-layout.ts';

/** How panes share the screen: all as tiles, a list with one large pane, or one pane alone. */
const SHAPES = ['tiles', 'list', 'focus'] as const;
export type Shape = (typeof SHAPES)[number];
/** The shape that a person asked for; `auto` goes by the space. */
export type Arrangement = 'auto' | Shape;
export const ARRANGEMENTS = ['auto', ...SHAPES] as const satisfies readonly Arrangement[];

type Area = { readonly width: number; readonly height: number };

/** Below this width a list would leave no pane to speak of. */
const LIST_AREA = { width: 64, height: 6 } as const;
/** Rows that a tile has at least before a list reads better. */
const READABLE = 8;
const LIST = { share: 0.3, least: 30, most: 44 } as const;

const fitsAsTiles = (count: number, area: Area): boolean => {
  const { tiles } = gridLayout(count, 0, area);
  return tiles.length === count && (count <= 2 || tiles.every(({ height }) => height >= READABLE));
};

/** The shape that so many panes get in an area. */
export const shapeOf = (arrangement: Arrangement, count: number, area: Area): Shape => {
  const roomForList = area.width >= LIST_AREA.width && area.height >= LIST_AREA.height;
  if (arrangement === 'auto') return !roomForList || fitsAsTiles(count, area) ? 'tiles' : 'list';
  return arrangement === 'list' && !roomForList ? 'focus' : arrangement;
};

/** Cells of the list beside the large pane. */
export const listWidth = (width: number): number =>
  Math.min(LIST.most, Math.max(LIST.least, Math.floor(width * LIST.share)));

/** The shape after the one that is shown, round and round. */
export const nextShape = (seen: Shape): Shape => SHAPES[(SHAPES.indexOf(seen) + 1) % SHAPES.length]!;
