import type { Rect } from '../compositor/layers.ts';
import type { Layout } from './layout.ts';

/** The parts of the layout that a box in front of everything else is placed by. */
type BoxArea = Pick<Layout, 'screen' | 'prompt'>;

/** How many cells wide a narrow box is: lists of keys and questions are easier to read so. */
const NARROW = 72;
/** The frame and a blank on each side. */
const AROUND = 4;

/** How many cells wide a box in front of everything else is: beside a wide one nothing of the view is left that could be read. */
export const boxWidth = (columns: number, narrow: boolean): number =>
  Math.max(1, narrow ? Math.min(columns, NARROW) : columns);

/** How many cells of a line such a box shows without wrapping it. */
export const boxTextWidth = (columns: number, narrow: boolean): number =>
  Math.max(1, boxWidth(columns, narrow) - AROUND);

/** How many lines such a box has room for above the prompt. */
export const boxRoom = ({ screen, prompt }: BoxArea): number => Math.max(1, screen.height - prompt.height - 2);

/** A box of this size in the middle of what is above the prompt. */
export const centreBox = ({ screen, prompt }: BoxArea, width: number, lines: number): Rect => {
  const height = Math.min(lines, boxRoom({ screen, prompt })) + 2;
  return {
    x: Math.floor((screen.width - width) / 2),
    y: Math.max(0, Math.floor((screen.height - prompt.height - height) / 2)),
    width,
    height,
  };
};
