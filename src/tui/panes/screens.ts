import { createRequire } from 'node:module';
import type { Terminal } from '@xterm/headless';
import type { TuiOptions } from '../app/options.ts';

// Both packages are CommonJS without names that an import could find.
const require = createRequire(import.meta.url);
const xterm = require('@xterm/headless') as typeof import('@xterm/headless');
const { Unicode11Addon } = require('@xterm/addon-unicode11') as typeof import('@xterm/addon-unicode11');

/** The terminals of the instances that are on the screen, kept up to date from their logs. */
export type Screens = {
  /** Follows these instances and no others. */
  follow(ids: readonly string[]): void;
  /** The instance's terminal as it is; undefined before its first byte is known. */
  get(id: string): Terminal | undefined;
  close(): void;
};

type Events = {
  /** The instance has a new terminal, maybe of another size. */
  readonly onReset: (id: string) => void;
  /** Something on its screen changed. */
  readonly onData: (id: string) => void;
};

const hiddenCursors = new WeakSet<Terminal>();

/** The emulator does not tell whether its cursor is shown, so what switches that is heard here. */
const watchCursor = (terminal: Terminal): void => {
  const heard = (act: () => void) => (params: readonly (number | number[])[]) => {
    if (params.includes(25)) act();
    return false;
  };
  terminal.parser.registerCsiHandler(
    { prefix: '?', final: 'h' },
    heard(() => void hiddenCursors.delete(terminal)),
  );
  terminal.parser.registerCsiHandler(
    { prefix: '?', final: 'l' },
    heard(() => void hiddenCursors.add(terminal)),
  );
};

/** The cell of a terminal's screen where its cursor stands; null while it is hidden. */
export const cursorOf = (terminal: Terminal): { readonly x: number; readonly y: number } | null => {
  if (hiddenCursors.has(terminal)) return null;
  const { cursorX: x, cursorY: y } = terminal.buffer.active;
  return { x, y };
};

/** An emulator; `scrollback` lines that left its screen at the top can still be read. */
export const makeTerminal = ({ cols, rows }: { cols: number; rows: number }, scrollback = 0): Terminal => {
  const terminal = new xterm.Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: 'off' });
  watchCursor(terminal);
  // tmux measures characters by this version too: emoji take two cells.
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  return terminal;
};

/** Bytes that wait for an emulator before the log is told to wait, and before it goes on: far beyond that it throws. */
const FULL = 4 * 1024 * 1024;
const LOW = 1024 * 1024;
/** How long a log that could not be read is left alone. */
const RETRY_MS = 1000;

/** Writes into an emulator, and resolves when it is ready for more. */
const makeFeed = (terminal: Terminal, onData: () => void) => {
  let pending = 0;
  let full: PromiseWithResolvers<void> | null = null;
  const resume = (): void => {
    full?.resolve();
    full = null;
  };
  return {
    terminal,
    write: (data: string | Uint8Array): void | Promise<void> => {
      pending += data.length;
      terminal.write(data, () => {
        pending -= data.length;
        if (pending <= LOW) resume();
        onData();
      });
      if (pending <= FULL) return undefined;
      full ??= Promise.withResolvers<void>();
      return full.promise;
    },
    close: (): void => {
      terminal.dispose();
      resume();
    },
  };
};

type Screen = {
  feed: ReturnType<typeof makeFeed> | undefined;
  close: () => void;
  readonly since: number;
  /** Set when its log cannot be read on. */
  broken: boolean;
};

export const openScreens = (
  follow: TuiOptions['follow'],
  { onReset, onData }: Events,
  now: () => number = () => performance.now(),
): Screens => {
  const followed = new Map<string, Screen>();

  let closed = false;

  const start = (id: string): void => {
    const screen: Screen = { feed: undefined, close: () => undefined, since: now(), broken: false };
    followed.set(id, screen);
    const alive = (): boolean => followed.get(id) === screen;
    const reader = follow(id, {
      // A new terminal instead of a reset one: the old one still has bytes to read, which must not end up in the new.
      reset: ({ cols, rows, text }) => {
        if (!alive()) return;
        screen.feed?.close();
        screen.feed = makeFeed(makeTerminal({ cols, rows }), () => onData(id));
        void screen.feed.write(text);
        onReset(id);
      },
      data: (bytes) => (alive() ? screen.feed?.write(bytes) : undefined),
    });
    void reader.ended?.then((error) => {
      screen.broken = error !== null;
    });
    screen.close = () => {
      reader.close();
      screen.feed?.close();
    };
  };
  const stop = (id: string): void => {
    const screen = followed.get(id);
    followed.delete(id);
    screen?.close();
  };

  return {
    follow: (ids) => {
      if (closed) return;
      for (const [id, { broken, since }] of [...followed])
        if (!ids.includes(id) || (broken && now() - since >= RETRY_MS)) stop(id);
      for (const id of ids) if (!followed.has(id)) start(id);
    },
    get: (id) => followed.get(id)?.feed?.terminal,
    close: () => {
      closed = true;
      for (const id of [...followed.keys()]) stop(id);
    },
  };
};
