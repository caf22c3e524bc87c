import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { makeEmulator } from '../../../src/tui/panes/emulator.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { rowsOf } from '../screen.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = temporaryFolder('tui');

// The components must be compiled to run; a build of our own does not get into the way of other builds.
beforeAll(async () => {
  symlinkSync(`${root}node_modules`, `${folder.path}/node_modules`);
  writeFileSync(`${folder.path}/package.json`, '{"type":"module"}');
  await using bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: 'test/tui/app/view-program.ts',
    external: /^[^./]/,
  });
  await bundle.write({ dir: folder.path });
});
afterAll(() => folder[Symbol.dispose]());

const open = (agents: number, size = { cols: 100, rows: 30 }) => {
  const terminal = makeEmulator(size);
  const program = pty.spawn(process.execPath, [`${folder.path}/view-program.js`, String(agents)], {
    ...size,
    name: 'xterm-256color',
    cwd: folder.path,
    env: {
      PATH: process.env['PATH'],
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      NODE_ENV: 'production',
      NODE_NO_WARNINGS: '1',
    },
  });
  let code: number | undefined;
  program.onData((data) => terminal.write(data));
  program.onExit(({ exitCode }) => {
    code = exitCode;
  });
  // Answers questions as a real terminal does.
  terminal.onData((answer) => program.write(answer));
  onTestFinished(async () => {
    // It may have ended and nobody said so yet.
    if (code === undefined) program.kill('SIGKILL');
    await vi.waitUntil(() => code !== undefined);
  });
  const screen = () => rowsOf(terminal).join('\n');
  const see = (text: string | RegExp) =>
    vi
      .waitUntil(() => (typeof text === 'string' ? screen().includes(text) : text.test(screen())))
      .catch(() => expect.fail(`not on the screen: ${text}\n${screen()}`));
  const ended = async () => {
    await vi.waitUntil(() => code !== undefined);
    await new Promise<void>((resolve) => terminal.write('', resolve));
    return code;
  };
  const restored = () => {
    const { wraparoundMode, bracketedPasteMode } = terminal.modes;
    return { buffer: terminal.buffer.active.type, wraparoundMode, bracketedPasteMode };
  };
  const resize = (cols: number, rows: number) => {
    program.resize(cols, rows);
    terminal.resize(cols, rows);
  };
  /** Gives the keys to the panes. */
  const panes = async () => {
    program.write('\u001B');
    await see('q leave');
  };
  return { terminal, program, screen, see, ended, restored, resize, panes };
};
const RESTORED = { buffer: 'normal', wraparoundMode: true, bracketedPasteMode: false };

test('[TUI-1] commands are typed at once, panes appear, and leaving restores the terminal', async () => {
  const { program, see, terminal, ended, restored } = open(0);
  await see('No agent yet.');
  expect(terminal.buffer.active.type).toBe('alternate');
  program.write('launch 3 instances agent=rehearsal\r');
  await see('✔ launched 3 instances');
  await see('rehearsal-3');
  // The cursor comes last in a picture.
  await vi.waitFor(() => expect(terminal.buffer.active.cursorX).toBe(3));
  program.write('\u001B');
  await see('q leave');
  program.write('q');
  expect(await ended()).toBe(0);
  expect(restored()).toEqual(RESTORED);
  await see('3 agents keep running. "drover" brings the screen back.');
  await see('ended with 0');
});

test('SIGTERM restores the terminal', async () => {
  const { program, see, ended, restored } = open(1);
  await see('rehearsal-1');
  process.kill(program.pid, 'SIGTERM');
  expect(await ended()).toBe(143);
  expect(restored()).toEqual(RESTORED);
});

test('[TUI-1] a crash restores the terminal and shows what went wrong', async () => {
  const { program, see, ended, restored } = open(1);
  await see('rehearsal-1');
  program.write('crash\r');
  expect(await ended()).toBe(1);
  expect(restored()).toEqual(RESTORED);
  await see('Error: a bug');
});

// How a process stands can be read in /proc only.
test.skipIf(process.platform !== 'linux')(
  'Ctrl-Z gives the terminal to the shell, and going on takes it back',
  async () => {
    const { program, see, restored, panes } = open(1);
    await see('rehearsal-1');
    await panes();
    program.write('\u001A');
    const state = () => /\) (?<state>\w)/.exec(readFileSync(`/proc/${program.pid}/stat`, 'utf8'))?.groups?.['state'];
    await vi.waitUntil(() => state() === 'T');
    await vi.waitFor(() => expect(restored()).toEqual(RESTORED));
    process.kill(program.pid, 'SIGCONT');
    await vi.waitUntil(() => restored().buffer === 'alternate');
    await see('▶ rehearsal-1');
    program.write('q');
    await see('ended with 0');
  },
);

test('a storm of resizes ends in a right picture, also while panes are drawn', async () => {
  const { program, see, resize, screen } = open(2);
  await see('rehearsal-2');
  program.write('chatter\r');
  await see(/line \d+ 世界 colour/);
  for (let i = 0; i < 30; i += 1) {
    resize(60 + ((i * 7) % 80), 12 + ((i * 5) % 30));
    await new Promise(setImmediate);
  }
  resize(90, 24);
  await vi.waitUntil(() => screen().split('\n')[0]?.endsWith('○ daemon stops'));
  await see(/^━━ 1 Agents [^\n]*━━\n ❯ [^\n]*Try: [^\n]*\n[^\n]*\n \S[^\n]* {2}\? keys$/m);
  await vi.waitUntil(
    () =>
      screen()
        .split('\n')
        .filter((row) => row.includes('世界')).length > 2,
  );
  for (const row of screen()
    .split('\n')
    .filter((line) => /^[│┃]line/.test(line)))
    expect(row).toMatch(/[│┃]$/);
});

test('attaching hands every key to the guest and comes back to the same view', async () => {
  const { program, see, screen, terminal, panes } = open(2, { cols: 100, rows: 60 });
  await see('rehearsal-2');
  await panes();
  program.write('l');
  await see('▶ rehearsal-2');
  for (let round = 0; round < 4; round += 1) {
    const keys = `hello ${round} qa`;
    program.write('a');
    await vi.waitUntil(() => screen().split('GUEST READY').length === round + 2);
    for (const key of keys) program.write(key);
    await see(`got "${keys}"`);
    expect(terminal.buffer.active.type).toBe('normal');
    program.write('.');
    await see('▶ rehearsal-2');
    expect(terminal.buffer.active.type).toBe('alternate');
    program.write('h');
    await see('▶ rehearsal-1');
    program.write('l');
    await see('▶ rehearsal-2');
  }
});

test('a crash while a guest has the terminal ends the guest and leaves the terminal clean', async () => {
  const { program, see, ended, restored, panes } = open(1);
  await see('rehearsal-1');
  await panes();
  program.write('a');
  await see('GUEST READY');
  process.kill(program.pid, 'SIGUSR2');
  expect(await ended()).toBe(1);
  expect(restored()).toEqual(RESTORED);
  await see('Error: a bug');
});
