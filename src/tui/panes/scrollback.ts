import type { Terminal } from '@xterm/headless';
import type { TerminalSize, TuiOptions } from '../app/options.ts';
import { makeEmulator } from './emulator.ts';

/** The text that an agent printed before, which stands still while a person reads it back. */
export type Scrollback = {
  /** Reads the log of this agent, or of none, into an emulator of this size. */
  show(id: string | null, size: TerminalSize): void;
  /**
   * The emulator with the text; undefined until the log was read. `lines` counts the lines without blank ones at the
   * end.
   */
  readonly read: { readonly id: string; readonly terminal: Terminal; readonly lines: number } | undefined;
};

/** Lines that are kept to read back. */
const KEPT_LINES = 5000;

const linesOf = (terminal: Terminal): number => {
  const buffer = terminal.buffer.normal;
  let lines = buffer.baseY + terminal.rows;
  while (lines > 1 && (buffer.getLine(lines - 1)?.translateToString(true) ?? '') === '') lines -= 1;
  return lines;
};

export const openScrollback = (printed: TuiOptions['printed'], onRead: () => void): Scrollback => {
  let wanted: string | null = null;
  let read: Scrollback['read'];

  const fill = async (id: string, terminal: Terminal): Promise<void> => {
    for await (const bytes of printed?.(id) ?? []) {
      if (wanted !== id) break;
      await new Promise<void>((resolve) => terminal.write(bytes, resolve));
    }
    // A full-screen program keeps nothing above its screen, so the text from before it was started is shown.
    await new Promise<void>((resolve) => terminal.write('\u001B[?1049l', resolve));
  };
  const start = (id: string, size: TerminalSize): void => {
    const terminal = makeEmulator(size, KEPT_LINES);
    void fill(id, terminal)
      .catch(() => undefined)
      .then(() => {
        if (wanted !== id || read) return terminal.dispose();
        read = { id, terminal, lines: linesOf(terminal) };
        onRead();
      });
  };

  return {
    show: (id, size) => {
      if (wanted === id) return;
      wanted = id;
      read?.terminal.dispose();
      read = undefined;
      if (id !== null) start(id, size);
    },
    get read() {
      return read;
    },
  };
};
