import { expect, test } from 'vitest';
import { emulatorCursor, makeEmulator } from '../../../src/tui/panes/emulator.ts';
import { rowsOf } from '../screen.ts';

const SIZE = { cols: 10, rows: 2 };

/** An emulator that has read this text. */
const emulatorWith = async (text: string, scrollback = 0) => {
  const terminal = makeEmulator(SIZE, scrollback);
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  return terminal;
};

test('the cursor of an emulator is known, and that it is hidden', async () => {
  expect(emulatorCursor(await emulatorWith('ab\r\nc'))).toEqual({ x: 1, y: 1 });
  expect(emulatorCursor(await emulatorWith('ab\u001B[?25l'))).toBeNull();
  expect(emulatorCursor(await emulatorWith('ab\u001B[?25l\u001B[?25h'))).toEqual({ x: 2, y: 0 });
});

test('emoji take two cells, as tmux counts them', async () => {
  expect(emulatorCursor(await emulatorWith('🦊'))).toEqual({ x: 2, y: 0 });
});

test('as many lines as are wanted can be read back', async () => {
  const text = 'one\r\ntwo\r\nthree';
  expect((await emulatorWith(text)).buffer.active.length).toBe(2);
  const kept = await emulatorWith(text, 5);
  expect([kept.buffer.active.length, rowsOf(kept)]).toEqual([3, ['two', 'three']]);
});
