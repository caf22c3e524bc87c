import type { Terminal } from '@xterm/headless';
import { clearRow, copyRow, type Grid, makeGrid, mendRow } from './cell.ts';
import { drawPaneRow, topRow } from './pane-layer.ts';
import { drawStyledLine, type LookMapping, sameLook } from './styled-line.ts';

export type Rect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** One thing on the screen. Higher `z` covers lower. `draw` fills its part of a row of the target. */
export type Layer = {
  readonly rect: Rect;
  readonly z: number;
  draw(row: number, target: Grid, y: number): void;
};

/** A layer over something that changes by itself: it shows what there was at the latest `look`. */
export type LiveLayer = Layer & { look(): void };

/** A layer that shows the latest frame of text given to it, cut to its rectangle. */
export type RegionLayer = Layer & {
  /** Takes a frame and returns the rows, counted from the layer's top, that are not what they were. */
  frame(text: string): readonly number[];
  /** Draws the same frame in other colours. */
  restyle(dress: LookMapping): void;
};

export const regionLayer = (rect: Rect, z: number, first: LookMapping = sameLook): RegionLayer => {
  let dress = first;
  const cells = makeGrid(rect.width, rect.height);
  const lines: string[] = [];
  return {
    rect,
    z,
    frame: (text) => {
      const next = text.split('\n');
      const changed: number[] = [];
      for (let row = 0; row < rect.height; row += 1) {
        const line = next[row] ?? '';
        if (line === lines[row]) continue;
        lines[row] = line;
        drawStyledLine(cells, row, line, dress);
        changed.push(row);
      }
      return changed;
    },
    restyle: (next) => {
      dress = next;
      lines.forEach((line, row) => {
        drawStyledLine(cells, row, line, dress);
      });
    },
    draw: (row, target, y) => copyRow(cells, row, target, { x: rect.x, y }),
  };
};

/** What a pane shows; `dim` when it may not be true any more. */
export type Pane = {
  readonly rect: Rect;
  readonly terminal: Terminal;
  readonly dim: boolean;
  /** The first line that is shown of all that the terminal keeps; without one the pane shows the live screen. */
  readonly from?: number;
};

/** A layer that shows the part of a terminal's screen that fits; which part that is, is decided by `look`. */
export const paneLayer = ({ rect, terminal, dim, from }: Pane, z: number): LiveLayer => {
  // Rows are counted from the top of the live screen.
  const topNow = (): number =>
    from === undefined ? topRow(terminal, rect.height) : from - terminal.buffer.active.baseY;
  let top = topNow();
  return {
    rect,
    z,
    look: () => {
      top = topNow();
    },
    draw: (row, target, y) => drawPaneRow(terminal, row + top, target, { x: rect.x, y, width: rect.width, dim }),
  };
};

/** Puts one row of the screen together from all layers, the lowest first. */
export const composeRow = (layers: readonly Layer[], target: Grid, y: number): void => {
  clearRow(target, y);
  for (const layer of layers) {
    const row = y - layer.rect.y;
    if (row >= 0 && row < layer.rect.height) layer.draw(row, target, y);
  }
  mendRow(target, y);
};
