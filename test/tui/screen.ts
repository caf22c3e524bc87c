import type { Terminal } from '@xterm/headless';
import type { Output } from '../../src/tui/compositor/output.ts';
import { makeEmulator } from '../../src/tui/panes/emulator.ts';

/** The text of a terminal's screen, row by row, without blanks at the end. */
export const rowsOf = (terminal: Terminal): string[] =>
  Array.from({ length: terminal.rows }, (_, y) => {
    const buffer = terminal.buffer.active;
    return (
      buffer
        .getLine(buffer.baseY + y)
        ?.translateToString(true)
        .trimEnd() ?? ''
    );
  });

/** One cell as a comparable text: its characters, width, colours and attributes. */
const cellText = (terminal: Terminal, x: number, y: number): string => {
  const buffer = terminal.buffer.active;
  const cell = buffer.getLine(buffer.baseY + y)?.getCell(x);
  if (!cell) return 'none';
  const colours = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
  const flags = [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isInverse(), cell.isBlink()];
  const more = [cell.isInvisible(), cell.isStrikethrough(), cell.isOverline()];
  return [cell.getChars() || ' ', cell.getWidth(), ...colours, ...[...flags, ...more].map(Boolean)].join('|');
};

/** Every cell of a part of a screen, attributes included. */
export const cellsOf = (terminal: Terminal, part: { x: number; y: number; width: number; height: number }): string[] =>
  Array.from({ length: part.width * part.height }, (_, i) =>
    cellText(terminal, part.x + (i % part.width), part.y + Math.floor(i / part.width)),
  );

export type FakeTerminal = Output & {
  readonly terminal: Terminal;
  readonly written: string[];
  /** Resolves when the terminal has read all that was written. */
  read(): Promise<void>;
  /** Makes the line full, or takes everything and drains it. */
  setFull(full: boolean): void;
};

/** Makes an emulator say what its background is, as real terminals do; null for one that knows no such question. */
export const answerBackground = (
  terminal: Terminal,
  answer: (text: string) => void,
  background: string | null = '1e1e/1e1e/1e1e',
): void => {
  terminal.parser.registerOscHandler(11, (asked) => {
    if (asked !== '?') return false;
    if (background !== null) answer(`\u001B]11;rgb:${background}\u001B\\`);
    return true;
  });
};

/** A real emulator in the place of the user's terminal; it answers questions through `onAnswer`. */
export const fakeTerminal = (
  size: { columns: number; rows: number },
  onAnswer: (text: string) => void = () => undefined,
  background?: string | null,
): FakeTerminal => {
  const terminal = makeEmulator({ cols: size.columns, rows: size.rows });
  terminal.onData(onAnswer);
  answerBackground(terminal, onAnswer, background);
  const written: string[] = [];
  const drains: (() => void)[] = [];
  let full = false;
  const take = (text: string): void => {
    written.push(text);
    terminal.write(text);
  };
  return {
    terminal,
    written,
    write: (text) => {
      take(text);
      return !full;
    },
    writeNow: take,
    onDrain: (listener) => void drains.push(listener),
    read: () => new Promise((resolve) => terminal.write('', resolve)),
    setFull: (next) => {
      full = next;
      if (!next) for (const drain of drains) drain();
    },
  };
};
