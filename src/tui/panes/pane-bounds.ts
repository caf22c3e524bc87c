import type { Rect } from '../compositor/layers.ts';

/** Where an agent is on the screen: its frame or its row of the list, and the cells of its terminal. */
export type PaneBounds = {
  readonly id: string;
  readonly frame: Rect;
  /** The cells of the agent's terminal; none where only its name is shown. */
  readonly pane: Rect;
};

export const containsCell = ({ x, y, width, height }: Rect, at: { readonly x: number; readonly y: number }): boolean =>
  at.x >= x && at.x < x + width && at.y >= y && at.y < y + height;
