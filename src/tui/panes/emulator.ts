import { createRequire } from 'node:module';
import type { Terminal } from '@xterm/headless';

// Both packages are CommonJS without names that an import could find.
const require = createRequire(import.meta.url);
const xterm = require('@xterm/headless') as typeof import('@xterm/headless');
const { Unicode11Addon } = require('@xterm/addon-unicode11') as typeof import('@xterm/addon-unicode11');

const hiddenCursors = new WeakSet<Terminal>();

/**
 * Notes whether the cursor of an emulator is shown: the emulator does not tell, so the sequences that switch it are
 * heard.
 */
const watchCursor = (terminal: Terminal): void => {
  const onCursorMode = (act: () => void) => (params: readonly (number | number[])[]) => {
    if (params.includes(25)) act();
    return false;
  };
  terminal.parser.registerCsiHandler(
    { prefix: '?', final: 'h' },
    onCursorMode(() => void hiddenCursors.delete(terminal)),
  );
  terminal.parser.registerCsiHandler(
    { prefix: '?', final: 'l' },
    onCursorMode(() => void hiddenCursors.add(terminal)),
  );
};

/** The cell of a terminal's screen where its cursor stands; null while it is hidden. */
export const emulatorCursor = (terminal: Terminal): { readonly x: number; readonly y: number } | null => {
  if (hiddenCursors.has(terminal)) return null;
  const { cursorX: x, cursorY: y } = terminal.buffer.active;
  return { x, y };
};

/** An emulator; `scrollback` lines that left its screen at the top can still be read. */
export const makeEmulator = ({ cols, rows }: { cols: number; rows: number }, scrollback = 0): Terminal => {
  const terminal = new xterm.Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: 'off' });
  watchCursor(terminal);
  // tmux measures characters by this version too: emoji take two cells.
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  return terminal;
};
