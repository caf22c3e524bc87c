import { expect, test, vi } from 'vitest';
import { PLAIN } from '../../../src/tui/compositor/canvas.ts';
import { openCompositor } from '../../../src/tui/compositor/compositor.ts';
import { makeEmulator } from '../../../src/tui/panes/emulator.ts';
import { lookMappingFor } from '../../../src/tui/theme/look-mapping.ts';
import { BY_BACKGROUND } from '../../../src/tui/theme/themes.ts';
import { fakeTerminal, rowsOf } from '../screen.ts';

const SIZE = { columns: 30, rows: 6 };
const write = (terminal: ReturnType<typeof makeEmulator>, text: string): Promise<void> =>
  new Promise((resolve) => terminal.write(text, resolve));

/** One line of chrome above one pane. */
const opened = async (style = PLAIN) => {
  const tty = fakeTerminal(SIZE);
  const compositor = openCompositor({ output: tty, size: SIZE, level: 3, paced: false, style });
  const agent = makeEmulator({ cols: 30, rows: 4 });
  compositor.setRegion('title', { x: 0, y: 0, width: 30, height: 1 }, 1);
  compositor.frame('title', '\u001B[31m✖ failed\u001B[m \u001B[2m━ stands back\u001B[m');
  compositor.setPanes(
    new Map([['agent', { rect: { x: 0, y: 1, width: 30, height: 4 }, terminal: agent, dim: false }]]),
  );
  compositor.enter();
  await write(agent, '\u001B[31m│ 世é\u001B[5m!\u001B[m');
  compositor.touch('agent');
  await vi.waitUntil(() => rowsOf(tty.terminal)[1] !== '');
  await tty.read();
  return { tty, compositor };
};
const colourAt = ({ terminal }: ReturnType<typeof fakeTerminal>, x: number, y: number) => {
  const cell = terminal.buffer.active.getLine(y)?.getCell(x);
  return cell?.isFgRGB()
    ? cell.getFgColor()
    : cell?.isFgPalette()
      ? -cell.getFgColor()
      : cell?.isDim()
        ? 'dim'
        : 'plain';
};

test('a theme colours what is ours and leaves what an agent printed as it is, and may change at any time', async () => {
  const { tty, compositor } = await opened();
  expect([colourAt(tty, 0, 0), colourAt(tty, 9, 0), colourAt(tty, 0, 1)]).toEqual([-1, 'dim', -1]);
  for (const theme of [BY_BACKGROUND.dark, BY_BACKGROUND.light]) {
    const background = theme === BY_BACKGROUND.dark ? 0x1e1e1e : 0xffffff;
    compositor.setStyle({ ...PLAIN, mapLook: lookMappingFor(theme, background, 3) });
    await vi.waitUntil(() => colourAt(tty, 0, 0) === theme.colors.red);
    expect([colourAt(tty, 9, 0), colourAt(tty, 0, 1)]).toEqual([theme.colors.dim, -1]);
  }
  compositor.frame('title', '\u001B[32mnew');
  await vi.waitUntil(() => colourAt(tty, 0, 0) === BY_BACKGROUND.light.colors.green);
  compositor.setRegion('other', { x: 0, y: 5, width: 5, height: 1 }, 1);
  compositor.frame('other', '\u001B[31mx');
  await vi.waitUntil(() => colourAt(tty, 0, 5) === BY_BACKGROUND.light.colors.red);
  compositor.leave();
});

test('without lines and signs everything is drawn in plain characters, the panes too, cell for cell', async () => {
  const { tty, compositor } = await opened({ ...PLAIN, ascii: true });
  expect(rowsOf(tty.terminal).slice(0, 2)).toEqual(['x failed - stands back', '| ? e!']);
  expect(tty.written.join('')).toMatch(/^[\u001B -~]*$/);
  compositor.setStyle(PLAIN);
  await vi.waitUntil(() => rowsOf(tty.terminal)[1] === '│ 世é!');
  compositor.leave();
});

test('with reduced motion nothing blinks, neither does the cursor', async () => {
  const { tty, compositor } = await opened({ ...PLAIN, calm: true });
  const blinks = () => tty.terminal.buffer.active.getLine(1)?.getCell(5)?.isBlink() !== 0;
  expect(blinks()).toBe(false);
  expect(tty.written[0]).toContain('\u001B[2 q');
  compositor.leave();
  expect(tty.written.at(-1)).toContain('\u001B[0 q');
  const usual = await opened();
  expect(usual.tty.terminal.buffer.active.getLine(1)?.getCell(5)?.isBlink()).not.toBe(0);
  usual.compositor.leave();
  expect(usual.tty.written.join('')).not.toContain(' q');
});

test('a pane that is taller than its terminal is blank below it, and does not begin again', async () => {
  const tty = fakeTerminal(SIZE);
  const compositor = openCompositor({ output: tty, size: SIZE, level: 3, paced: false });
  const agent = makeEmulator({ cols: 20, rows: 3 });
  await write(agent, 'first\r\nsecond');
  compositor.setPanes(
    new Map([['agent', { rect: { x: 0, y: 0, width: 20, height: 6 }, terminal: agent, dim: false }]]),
  );
  compositor.enter();
  await vi.waitUntil(() => rowsOf(tty.terminal)[0] === 'first');
  await tty.read();
  expect(rowsOf(tty.terminal)).toEqual(['first', 'second', '', '', '', '']);
  compositor.leave();
});
