import { type Canvas, makeCanvas, type Size } from './canvas.ts';
import type { ColourLevel } from './colour.ts';
import { BEGIN, cursorTo, END, ENTER, HIDE_CURSOR, LEAVE, SHOW_CURSOR } from './modes.ts';
import type { Output } from './output.ts';
import { makePacer, type Pacer } from './pacer.ts';

export type Place = { readonly x: number; readonly y: number };

export type CompositorOptions = {
  readonly output: Output;
  readonly size: Size;
  readonly level: ColourLevel;
  /** Whether the terminal is asked after each frame of panes if it has shown it. */
  readonly paced?: boolean;
};

/** The only writer to the terminal. It draws cells and nothing else, each frame in one synchronized write. */
export type Compositor = Pick<Canvas, 'setRegion' | 'removeRegion' | 'frame' | 'setPanes'> & {
  /** Says that a pane's screen changed; it is drawn with the next tick. */
  touch(id: string): void;
  /** Where the terminal's own cursor stands; null hides it. */
  setCursor(place: Place | null): void;
  /** The terminal said that it has shown the latest frame. */
  answered(): void;
  resize(size: Size): void;
  /** Takes the terminal: alternate screen, then everything is drawn. */
  enter(): void;
  /** Stops drawing and resolves when nothing is under way to or from the terminal, or the time is over. */
  hold(limitMs: number): Promise<void>;
  /** Gives the terminal back as it was found, before it returns. Harmless when that is done already. */
  leave(): void;
};

/** Milliseconds between two frames of panes. */
export const TICK_MS = 33;

type Line = { readonly output: Output; readonly canvas: Canvas; readonly pacer: Pacer };

/** Turns what the canvas lacks into one write, with the cursor where it belongs. */
const makeSender = ({ output, canvas, pacer }: Line) => {
  let cursor: Place | null = null;
  let shown: Place | null = null;
  let blocked = false;
  output.onDrain(() => {
    blocked = false;
  });
  const cursorMoved = (): boolean => cursor?.x !== shown?.x || cursor?.y !== shown?.y;
  return {
    setCursor: (place: Place | null): void => {
      cursor = place;
    },
    forgetCursor: (): void => {
      shown = null;
    },
    get blocked() {
      return blocked;
    },
    get wanted() {
      return canvas.chromeDirty || cursorMoved();
    },
    send: (withPanes: boolean): void => {
      const cells = canvas.paint(withPanes);
      if (cells === '' && !cursorMoved()) return;
      const visibility = (cursor === null) === (shown === null) ? '' : cursor ? SHOW_CURSOR : HIDE_CURSOR;
      shown = cursor;
      const text = `${BEGIN}${cells}${cursor ? cursorTo(cursor) : ''}${visibility}${END}`;
      blocked = !output.write(withPanes && cells !== '' ? text + pacer.sent() : text);
    },
  };
};

/** Decides when to send: chrome with the next microtask, panes on a tick, neither while the line is full. */
const makeClock = ({ canvas, pacer }: Line, sender: ReturnType<typeof makeSender>) => {
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
    const wait = Math.max(0, lastTick + TICK_MS - performance.now());
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

export const openCompositor = ({ output, size, level, paced = true }: CompositorOptions): Compositor => {
  const canvas = makeCanvas(level, size);
  let entered = false;
  let settled: (() => void) | undefined;
  const pacer = makePacer(paced, () => go());
  const sender = makeSender({ output, canvas, pacer });
  const clock = makeClock({ output, canvas, pacer }, sender);
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
    resize: then((next: Size) => {
      canvas.reset(next);
      size = next;
    }),
    touch: (id) => {
      if (canvas.touch(id)) clock.panes();
    },
    answered: pacer.answered,
    enter: () => {
      output.writeNow(ENTER);
      entered = true;
      canvas.reset(size);
      sender.forgetCursor();
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
      if (entered) output.writeNow(LEAVE);
      entered = false;
    },
  };
};
