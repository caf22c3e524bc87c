import { createRequire } from 'node:module';
import type { Terminal } from '@xterm/headless';
import type { TuiOptions } from './options.ts';

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

export const openScreens = (follow: TuiOptions['follow'], { onReset, onData }: Events): Screens => {
  const followed = new Map<string, { terminal: Terminal | undefined; close: () => void }>();

  let closed = false;

  const start = (id: string): void => {
    const screen: { terminal: Terminal | undefined; close: () => void } = {
      terminal: undefined,
      close: () => undefined,
    };
    followed.set(id, screen);
    const alive = (): boolean => followed.get(id) === screen;
    const reader = follow(id, {
      // A new terminal instead of a reset one: the old one still has bytes to read, which must not end up in the new.
      reset: ({ cols, rows, text }) => {
        if (!alive()) return;
        screen.terminal?.dispose();
        const terminal = makeTerminal({ cols, rows });
        screen.terminal = terminal;
        terminal.write(text, () => onData(id));
        onReset(id);
      },
      data: (bytes) => {
        if (alive()) screen.terminal?.write(bytes, () => onData(id));
      },
    });
    screen.close = () => {
      reader.close();
      screen.terminal?.dispose();
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
      for (const id of [...followed.keys()]) if (!ids.includes(id)) stop(id);
      for (const id of ids) if (!followed.has(id)) start(id);
    },
    get: (id) => followed.get(id)?.terminal,
    close: () => {
      closed = true;
      for (const id of [...followed.keys()]) stop(id);
    },
  };
};
