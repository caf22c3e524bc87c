import { expect, test, vi } from 'vitest';
import { openCompositor } from '../../../src/tui/compositor/compositor.ts';
import { makeEmulator } from '../../../src/tui/panes/emulator.ts';
import { cellsOf, fakeTerminal, rowsOf } from '../screen.ts';

const SIZE = { columns: 60, rows: 16 };
const PANE = { x: 2, y: 2, width: 40, height: 8 };

const write = (terminal: ReturnType<typeof makeEmulator>, text: string): Promise<void> =>
  new Promise((resolve) => terminal.write(text, resolve));

const opened = async (paced = false) => {
  const tty = fakeTerminal(SIZE);
  const compositor = openCompositor({ output: tty, size: SIZE, level: 3, paced });
  const agent = makeEmulator({ cols: PANE.width, rows: PANE.height });
  compositor.setPanes(new Map([['agent', { rect: PANE, terminal: agent, dim: false }]]));
  compositor.enter();
  await settle(tty);
  const draw = async (text: string) => {
    const before = tty.written.length;
    await write(agent, text);
    compositor.touch('agent');
    await vi.waitUntil(() => tty.written.length > before);
    await tty.read();
  };
  return { tty, compositor, agent, draw };
};
const settle = async (tty: ReturnType<typeof fakeTerminal>) => {
  await vi.waitUntil(() => tty.written.length > 1);
  await tty.read();
};
const AGENT = { x: 0, y: 0, width: PANE.width, height: PANE.height };

const PRINTED = [
  'plain \u001B[1mbold \u001B[2mdim\u001B[22m \u001B[3mitalic \u001B[4munder\u001B[m \u001B[7minverse\u001B[m\r\n',
  '\u001B[31mred \u001B[94mblue \u001B[38;5;208morange \u001B[38;2;1;2;3mtrue\u001B[m \u001B[48;5;22mback\u001B[48;2;9;8;7mground\u001B[m\r\n',
  'wide 世界 emoji 👍 flag 🇩🇪 e\u0301 keycap \u001B[9mstruck\u001B[m \u001B[53mover\u001B[m\r\n',
  '\u001B[8;1Hlast row \u001B[5mblink\u001B[m \u001B[8mhidden\u001B[m',
  '\u001B[2;3H世\u001B[2;4Hx\u001B[3;1H\u001B[K\u001B[5;38H世界',
  '\u001B[2J\u001B[Hthe end',
];

test('the terminal shows exactly the cells and attributes of a pane, frame after frame', async () => {
  const { tty, agent, draw } = await opened();
  for (const text of PRINTED) {
    await draw(text);
    expect(cellsOf(tty.terminal, PANE)).toEqual(cellsOf(agent, AGENT));
  }
});

test('nothing an agent prints reaches the terminal as a sequence', async () => {
  const { tty, draw, agent } = await opened();
  const from = tty.written.length;
  await draw(
    '\u001B]0;title\u0007\u001B]52;c;ZXZpbA==\u0007\u001B[?1000h\u001B[?1049h\u001B[6n\u001BP+q544e\u001B\\safe\u202Eevil\u0007',
  );
  const sent = tty.written.slice(from).join('');
  expect(sent.replace(/\u001B\[(?:[\d;]*[mHC]|\?2026[hl])/g, '')).toMatch(/^ *safe *evil *$/);
  expect(rowsOf(agent)[0]).toContain('safe');
});

test('each frame is one synchronized write that moves nothing but changed cells', async () => {
  const { tty, draw } = await opened();
  await draw('hello');
  const from = tty.written.length;
  await draw('\u001B[1;5HO');
  expect(tty.written.slice(from)).toEqual(['\u001B[?2026h\u001B[3;7HO\u001B[?2026l']);
});

test('an overlay covers a pane, wide characters at its edge included, and gives it back', async () => {
  const { tty, compositor, agent, draw } = await opened();
  await draw('世世世世世世世世世世\r\n世世世世世世世世世世');
  compositor.setRegion('overlay', { x: 5, y: 1, width: 10, height: 3 }, 20);
  compositor.frame('overlay', '\u001B[31mAAAAAAAAAA\u001B[m\nBBBB\n\u001B]0;no\u0007C世');
  await vi.waitUntil(() => tty.written.at(-1)?.includes('AAAA'));
  await tty.read();
  expect(rowsOf(tty.terminal).slice(1, 4)).toEqual([
    '     AAAAAAAAAA',
    '  世 BBBB       世世世',
    '  世 C世        世世世',
  ]);
  compositor.removeRegion('overlay');
  await vi.waitUntil(() => rowsOf(tty.terminal)[1] === '');
  await tty.read();
  expect(cellsOf(tty.terminal, PANE)).toEqual(cellsOf(agent, AGENT));
});

test('after a resize the whole screen is right again', async () => {
  const { tty, compositor, agent, draw } = await opened();
  await draw(PRINTED[2]!);
  tty.terminal.resize(50, 12);
  compositor.resize({ columns: 50, rows: 12 });
  await vi.waitUntil(() => tty.written.at(-1)?.includes('[2J'));
  await tty.read();
  expect(cellsOf(tty.terminal, PANE)).toEqual(cellsOf(agent, AGENT));
});

test('a pane that is smaller than the terminal in it shows the rows around the cursor, cut at its edge', async () => {
  const { tty, compositor } = await opened();
  const agent = makeEmulator({ cols: 100, rows: 30 });
  compositor.setPanes(new Map([['tall', { rect: { x: 0, y: 0, width: 20, height: 4 }, terminal: agent, dim: true }]]));
  await write(agent, Array.from({ length: 20 }, (_, i) => `line ${i} ${'x'.repeat(80)}`).join('\r\n'));
  compositor.touch('tall');
  await vi.waitUntil(() => rowsOf(tty.terminal)[3]?.startsWith('line 19'));
  expect(rowsOf(tty.terminal).slice(0, 5)).toEqual([
    'line 16 xxxxxxxxxxxx',
    'line 17 xxxxxxxxxxxx',
    'line 18 xxxxxxxxxxxx',
    'line 19 xxxxxxxxxxxx',
    '',
  ]);
  expect(cellsOf(tty.terminal, { x: 0, y: 0, width: 1, height: 1 })[0]).toContain('l|1|0|-1|0|-1|false|true');
  await write(agent, '\u001B[2;1H');
  compositor.touch('tall');
  await vi.waitUntil(() => rowsOf(tty.terminal)[0]?.startsWith('line 1 '));
});

test('while the line is full nothing is sent; afterwards the latest is', async () => {
  const { tty, compositor, draw } = await opened();
  tty.setFull(true);
  await draw('first');
  const held = tty.written.length;
  compositor.setRegion('bar', { x: 0, y: 0, width: 10, height: 1 }, 1);
  compositor.frame('bar', 'one');
  compositor.frame('bar', 'two');
  await Promise.resolve();
  expect(tty.written.length).toBe(held);
  tty.setFull(false);
  await vi.waitUntil(() => tty.written.length > held);
  await tty.read();
  expect(rowsOf(tty.terminal)[0]).toBe('two');
  expect(tty.written.join('')).not.toContain('one');
});

test('pane frames wait for the terminal’s answer, chrome does not', async () => {
  vi.useFakeTimers();
  try {
    const tty = fakeTerminal(SIZE);
    const compositor = openCompositor({ output: tty, size: SIZE, level: 3 });
    const agent = makeEmulator({ cols: 10, rows: 2 });
    compositor.setPanes(
      new Map([['agent', { rect: { x: 0, y: 2, width: 10, height: 2 }, terminal: agent, dim: false }]]),
    );
    compositor.setRegion('bar', { x: 0, y: 0, width: 10, height: 1 }, 1);
    compositor.enter();
    const print = async (text: string) => {
      const done = write(agent, text);
      await vi.advanceTimersByTimeAsync(50);
      await done;
      compositor.touch('agent');
      await vi.advanceTimersByTimeAsync(50);
    };
    await print('a');
    expect(tty.written.at(-1)).toContain('a\u001B[?2026l\u001B[5n');
    await print('b');
    expect(tty.written.at(-1)).not.toContain('b');
    compositor.frame('bar', 'key');
    await vi.advanceTimersByTimeAsync(1);
    expect(tty.written.at(-1)).toContain('key');
    compositor.markShown();
    await vi.advanceTimersByTimeAsync(50);
    expect(tty.written.at(-1)).toContain('b');
    // It answered once, so after a silence it is asked again.
    await print('c');
    await vi.advanceTimersByTimeAsync(2100);
    expect(tty.written.at(-1)).toContain('c\u001B[?2026l\u001B[5n');
    compositor.leave();
  } finally {
    vi.useRealTimers();
  }
});

test('a terminal that never answers is asked once', async () => {
  vi.useFakeTimers();
  try {
    const tty = fakeTerminal(SIZE);
    const compositor = openCompositor({ output: tty, size: SIZE, level: 3 });
    const agent = makeEmulator({ cols: 10, rows: 2 });
    compositor.setPanes(
      new Map([['agent', { rect: { x: 0, y: 0, width: 10, height: 2 }, terminal: agent, dim: false }]]),
    );
    compositor.enter();
    const done = write(agent, 'a');
    await vi.advanceTimersByTimeAsync(20);
    await done;
    compositor.touch('agent');
    compositor.touch('nobody');
    await vi.advanceTimersByTimeAsync(2200);
    const more = write(agent, 'b');
    await vi.advanceTimersByTimeAsync(20);
    await more;
    compositor.touch('agent');
    await vi.advanceTimersByTimeAsync(50);
    expect(tty.written.filter((text) => text.endsWith('\u001B[5n'))).toHaveLength(1);
    expect(tty.written.at(-1)).toContain('b');
  } finally {
    vi.useRealTimers();
  }
});

test('holding waits until the terminal has answered, so that the answer is nobody else’s input', async () => {
  const { compositor, draw } = await opened(true);
  await draw('x');
  let held = false;
  const holding = compositor.hold(10_000).then(() => {
    held = true;
  });
  await Promise.resolve();
  expect(held).toBe(false);
  compositor.markShown();
  await holding;
  await compositor.hold(10_000);
  compositor.leave();
});

test('the cursor is shown where a command is typed and hidden elsewhere', async () => {
  const { tty, compositor } = await opened();
  compositor.setCursor({ x: 4, y: 3 });
  await vi.waitUntil(() => tty.written.at(-1)?.includes('?25h'));
  await tty.read();
  expect([tty.terminal.buffer.active.cursorX, tty.terminal.buffer.active.cursorY]).toEqual([4, 3]);
  compositor.setCursor(null);
  await vi.waitUntil(() => tty.written.at(-1)?.includes('?25l'));
});

test('leaving restores what was there, twice without harm', async () => {
  const { tty, compositor, draw } = await opened();
  await draw('x');
  compositor.leave();
  const count = tty.written.length;
  compositor.leave();
  await tty.read();
  expect(tty.written.length).toBe(count);
  expect(tty.terminal.buffer.active.type).toBe('normal');
  expect(tty.terminal.modes.wraparoundMode).toBe(true);
  expect(tty.terminal.modes.bracketedPasteMode).toBe(false);
});
