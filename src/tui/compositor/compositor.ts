import { type Canvas, makeCanvas, PLAIN, type Size, type Style } from './canvas.ts';
import type { ColourLevel } from './colour.ts';
import {
  ANY_CURSOR,
  BEGIN,
  cursorTo,
  END,
  ENTER,
  HIDE_CURSOR,
  LEAVE,
  RESTORE,
  MOUSE,
  type MouseMode,
  SHOW_CURSOR,
  STEADY_CURSOR,
} from './modes.ts';
import type { Output } from './output.ts';
import { makePacer, type Pacer } from './pacer.ts';

export type CellPosition = { readonly x: number; readonly y: number };
/** Where the terminal's cursor stands, or a way to know when a frame is sent; null hides it. */
type Cursor = CellPosition | null | (() => CellPosition | null);

type CompositorOptions = {
  readonly output: Output;
  readonly size: Size;
  readonly level: ColourLevel;
  readonly style?: Style;
  /** Makes the text that is sent to the terminal each time it is taken. */
  readonly greeting?: () => string;
  /** Whether the terminal is asked after each frame of panes if it has shown it. */
  readonly paced?: boolean;
};

/** The only writer to the terminal. It draws cells and nothing else, each frame in one synchronized write. */
export type Compositor = Pick<Canvas, 'setRegion' | 'removeRegion' | 'frame' | 'setPanes'> & {
  /** Says that a pane's screen changed; it is drawn with the next tick. */
  touch(id: string): void;
  setCursor(cursor: Cursor): void;
  /** What the mouse reports from now on. */
  setMouse(wanted: MouseMode): void;
  /** The terminal said that it has shown the latest frame. */
  markShown(): void;
  resize(size: Size): void;
  /** Draws everything anew in this style. */
  setStyle(style: Style): void;
  /** Takes the terminal: alternate screen, then everything is drawn. */
  enter(): void;
  /** Stops drawing and resolves when nothing is under way to or from the terminal, or the time is over. */
  hold(limitMs: number): Promise<void>;
  /** Gives the terminal back as it was found, before it returns. Harmless when that is done already. */
  leave(): void;
  /** Undoes what another program, which had the terminal and was ended, may have left of its modes. */
  restore(): void;
};

/** Milliseconds between two frames of panes: a little less than a thirtieth of a second, because timers come late. */
export const TICK_MS = 32;
/** Milliseconds between two frames of panes with reduced motion. */
const CALM_TICK_MS = 500;

type Line = { readonly output: Output; readonly canvas: Canvas; readonly pacer: Pacer };

/** Turns what the canvas lacks into one write, with the cursor where it belongs. */
const makeSender = ({ output, canvas, pacer }: Line) => {
  let wanted: Cursor = null;
  let shown: CellPosition | null = null;
  let mouse: MouseMode = 'off';
  let reporting: MouseMode = 'off';
  let blocked = false;
  output.onDrain(() => {
    blocked = false;
  });
  const cursorNow = (): CellPosition | null => (typeof wanted === 'function' ? wanted() : wanted);
  const isMoved = (cursor: CellPosition | null): boolean => cursor?.x !== shown?.x || cursor?.y !== shown?.y;
  return {
    setCursor: (cursor: Cursor): void => {
      wanted = cursor;
    },
    setMouse: (mode: MouseMode): void => {
      mouse = mode;
    },
    /** Forgets what the terminal was told about cursor and mouse: another program may have changed it. */
    forget: (): void => {
      shown = null;
      reporting = 'off';
    },
    get blocked() {
      return blocked;
    },
    get wanted() {
      return canvas.chromeDirty || mouse !== reporting || isMoved(cursorNow());
    },
    send: (withPanes: boolean): void => {
      const cells = canvas.paint(withPanes);
      const cursor = cursorNow();
      if (cells === '' && mouse === reporting && !isMoved(cursor)) return;
      const reports = mouse === reporting ? '' : MOUSE[mouse];
      reporting = mouse;
      const visibility = (cursor === null) === (shown === null) ? '' : cursor ? SHOW_CURSOR : HIDE_CURSOR;
      shown = cursor;
      const text = `${BEGIN}${reports}${cells}${cursor ? cursorTo(cursor) : ''}${visibility}${END}`;
      blocked = !output.write(withPanes && cells !== '' ? text + pacer.markSent() : text);
    },
  };
};

/** Decides when to send: chrome with the next microtask, panes on a tick, neither while the line is full. */
const makeClock = ({ canvas, pacer }: Line, sender: ReturnType<typeof makeSender>, tick: () => number) => {
  let running = false;
  let queued = false;
  let timer: NodeJS.Timeout | undefined;
  let lastTick = Number.NEGATIVE_INFINITY;
  const ready = (): boolean => running && !sender.blocked;
  const chrome = (): void => {
    if (queued || !sender.wanted) return;
    queued = true;
    queueMicrotask(() => {
      queued = false;
      if (ready()) sender.send(false);
    });
  };
  const panes = (): void => {
    if (timer || !canvas.panesDirty || !ready() || !pacer.free) return;
    const wait = Math.max(0, lastTick + tick() - performance.now());
    timer = setTimeout(() => {
      timer = undefined;
      if (!ready() || !pacer.free) return;
      lastTick = performance.now();
      sender.send(true);
    }, wait);
  };
  return {
    chrome,
    panes,
    start: (): void => {
      running = true;
      chrome();
      panes();
    },
    stop: (): void => {
      running = false;
      clearTimeout(timer);
      timer = undefined;
    },
  };
};

export const openCompositor = ({
  output,
  size,
  level,
  style = PLAIN,
  greeting = () => '',
  paced = true,
}: CompositorOptions): Compositor => {
  const canvas = makeCanvas(level, size, style);
  let entered = false;
  let settled: (() => void) | undefined;
  const pacer = makePacer(paced, () => go());
  const sender = makeSender({ output, canvas, pacer });
  const clock = makeClock({ output, canvas, pacer }, sender, () => (style.calm ? CALM_TICK_MS : TICK_MS));
  const calm = (): boolean => pacer.free && !sender.blocked;
  const go = (): void => {
    if (calm()) settled?.();
    clock.chrome();
    clock.panes();
  };
  output.onDrain(go);
  const then = <A extends readonly unknown[]>(change: (...args: A) => void) => {
    return (...args: A): void => {
      change(...args);
      clock.chrome();
    };
  };

  return {
    setRegion: then(canvas.setRegion),
    removeRegion: then(canvas.removeRegion),
    frame: then(canvas.frame),
    setPanes: then(canvas.setPanes),
    setCursor: then(sender.setCursor),
    setMouse: then(sender.setMouse),
    resize: then((next: Size) => {
      canvas.reset(next);
      size = next;
    }),
    setStyle: then((next: Style) => {
      style = next;
      canvas.setStyle(next);
    }),
    touch: (id) => {
      if (canvas.touch(id)) clock.panes();
    },
    markShown: pacer.markAnswered,
    enter: () => {
      output.writeNow(ENTER + (style.calm ? STEADY_CURSOR : '') + greeting());
      entered = true;
      canvas.reset(size);
      sender.forget();
      clock.start();
    },
    hold: async (limitMs) => {
      clock.stop();
      if (calm()) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const limit = setTimeout(resolve, limitMs);
      settled = resolve;
      await promise;
      clearTimeout(limit);
      settled = undefined;
    },
    leave: () => {
      clock.stop();
      pacer.stop();
      if (entered) output.writeNow(style.calm ? LEAVE + ANY_CURSOR : LEAVE);
      entered = false;
    },
    restore: () => output.writeNow(RESTORE),
  };
};
