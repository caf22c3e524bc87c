import { type Grid, makeGrid } from './cell.ts';
import type { ColourLevel } from './colour.ts';
import {
  composeRow,
  type Layer,
  type LiveLayer,
  type Pane,
  paneLayer,
  type Rect,
  type RegionLayer,
  regionLayer,
} from './layers.ts';
import { CLEAR } from './modes.ts';
import { makePen } from './pen.ts';
import { type LookMapping, sameLook } from './styled-line.ts';

/** How everything on the screen is drawn; the style may change while the screen is shown. */
export type Style = {
  readonly mapLook: LookMapping;
  /** Draws with the characters that every terminal has. */
  readonly ascii: boolean;
  /** Nothing blinks. */
  readonly calm: boolean;
};

export const PLAIN: Style = { mapLook: sameLook, ascii: false, calm: false };

export type Size = { readonly columns: number; readonly rows: number };

/** The cells of the screen, and which of them the terminal does not show yet. */
export type Canvas = {
  /** Creates, moves or resizes a region. */
  setRegion(id: string, rect: Rect, z: number): void;
  removeRegion(id: string): void;
  frame(id: string, text: string): void;
  /** Shows these panes and no others. */
  setPanes(panes: ReadonlyMap<string, Pane>): void;
  setStyle(style: Style): void;
  /** Says that a pane's screen changed. False when that pane is not shown. */
  touch(id: string): boolean;
  /** The screen has this size and nothing is known of what the terminal shows. */
  reset(size: Size): void;
  /** Whether rows other than those of touched panes differ. */
  readonly chromeDirty: boolean;
  readonly panesDirty: boolean;
  /** The text that brings the terminal up to date, touched panes included if asked; empty when it is. */
  paint(withPanes: boolean): string;
};

const PANE_Z = 10;

const sameRect = (a: Rect, b: Rect): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
const samePane = (a: Pane, b: Pane | undefined): boolean =>
  b !== undefined && a.terminal === b.terminal && a.dim === b.dim && a.from === b.from && sameRect(a.rect, b.rect);

/** The layers by id, in drawing order; `onChange` hears of every rectangle where something came or went. */
const makeLayers = (dress: () => LookMapping, onChange: (rect: Rect) => void) => {
  const regions = new Map<string, RegionLayer>();
  const panes = new Map<string, LiveLayer & { readonly pane: Pane }>();
  let order: readonly Layer[] | undefined;
  const reportChange = (rect: Rect): void => {
    order = undefined;
    onChange(rect);
  };
  return {
    regions,
    panes,
    ordered: (): readonly Layer[] => {
      order ??= [...regions.values(), ...panes.values()].toSorted((a, b) => a.z - b.z);
      return order;
    },
    setRegion: (id: string, rect: Rect, z: number): void => {
      const old = regions.get(id);
      if (old && sameRect(old.rect, rect)) return;
      regions.set(id, regionLayer(rect, z, dress()));
      if (old) reportChange(old.rect);
      reportChange(rect);
    },
    removeRegion: (id: string): void => {
      const old = regions.get(id);
      regions.delete(id);
      if (old) reportChange(old.rect);
    },
    setPanes: (wanted: ReadonlyMap<string, Pane>): void => {
      for (const [id, { pane }] of [...panes]) {
        if (samePane(pane, wanted.get(id))) continue;
        panes.delete(id);
        reportChange(pane.rect);
      }
      for (const [id, pane] of wanted) {
        if (panes.has(id)) continue;
        panes.set(id, { ...paneLayer(pane, PANE_Z), pane });
        reportChange(pane.rect);
      }
    },
  };
};

export const makeCanvas = (level: ColourLevel, size: Size, first: Style = PLAIN): Canvas => {
  let style = first;
  let pen = makePen(level, style);
  let back: Grid = makeGrid(size.columns, size.rows);
  let front: Grid = makeGrid(size.columns, size.rows);
  let wipe = true;
  const dirtyRows = new Set<number>();
  const touched = new Set<string>();
  const dirtyRect = (rect: Rect): void => {
    for (let y = Math.max(0, rect.y); y < rect.y + rect.height; y += 1) dirtyRows.add(y);
  };
  const layers = makeLayers(() => style.mapLook, dirtyRect);
  const startOver = (): void => {
    front = makeGrid(back.cols, back.rows);
    wipe = false;
    dirtyRect({ x: 0, y: 0, width: back.cols, height: back.rows });
  };
  const { setRegion, removeRegion, setPanes } = layers;
  /** Looks again at the panes that changed, so that their rows are drawn. */
  const lookAtTouched = (): void => {
    for (const id of touched) {
      const layer = layers.panes.get(id);
      layer?.look();
      if (layer) dirtyRect(layer.rect);
    }
    touched.clear();
  };
  const drawDirtyRows = (): void => {
    for (const y of dirtyRows) {
      if (y >= back.rows) continue;
      composeRow(layers.ordered(), back, y);
      pen.row(front, back, y);
    }
    dirtyRows.clear();
  };

  return {
    setRegion,
    removeRegion,
    setPanes,
    frame: (id, text) => {
      const region = layers.regions.get(id);
      for (const row of region?.frame(text) ?? []) dirtyRows.add(region!.rect.y + row);
    },
    setStyle: (next) => {
      // Only the pen knows which characters the terminal got.
      if (next.ascii !== style.ascii || next.calm !== style.calm) wipe = true;
      style = next;
      pen = makePen(level, style);
      for (const region of layers.regions.values()) region.restyle(style.mapLook);
      dirtyRect({ x: 0, y: 0, width: back.cols, height: back.rows });
    },
    touch: (id) => {
      const shown = layers.panes.has(id);
      if (shown) touched.add(id);
      return shown;
    },
    reset: ({ columns, rows }) => {
      back = makeGrid(columns, rows);
      dirtyRows.clear();
      wipe = true;
    },
    get chromeDirty() {
      return wipe || dirtyRows.size > 0;
    },
    get panesDirty() {
      return touched.size > 0;
    },
    paint: (withPanes) => {
      const before = wipe ? CLEAR : '';
      if (wipe) startOver();
      if (withPanes) lookAtTouched();
      drawDirtyRows();
      return before + pen.take();
    },
  };
};
