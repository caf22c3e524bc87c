import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shipped } from '../helpers/swarm.ts';
import { eventually, openProgram } from './program.ts';

const words = String.raw`\033]52;c;aGFja2Vk\007\033]0;stolen title\007\033[?1049h\033[3J\033[r\033[?1003h plain words\r\n`;
const settings = {
  agent: 'rehearsal',
  agents: { liar: { command: ['sh', '-c', `printf "${words}"; exec cat`] } },
};

/** Somebody's terminal: a pane of a tmux server that has nothing to do with the swarm's, and takes whatever it is told. */
const openTerminal = (program: ReturnType<typeof openProgram>, size: readonly [columns: number, rows: number]) => {
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-L', 'drover-view', '-f', '/dev/null', ...args], {
      cwd: program.root,
      env: { ...program.env, COLORTERM: 'truecolor' },
      encoding: 'utf8',
    });
  const [columns, rows] = size;
  const run = 'unset TMUX TMUX_PANE; "$0" "$1"; echo "ended with $?"; exec cat';
  tmux(
    'new-session',
    '-d',
    '-x',
    String(columns),
    '-y',
    String(rows),
    '-s',
    'v',
    'sh',
    '-c',
    run,
    process.execPath,
    shipped.cli,
  );
  tmux('set-option', '-s', 'set-clipboard', 'on');
  tmux('set-option', '-w', '-t', '=v:', 'window-size', 'manual');
  const shot = () => tmux('capture-pane', '-p', '-t', '=v:');
  const see = (text: string | RegExp) =>
    eventually(() => (typeof text === 'string' ? shot().includes(text) : text.test(shot()))).catch(() =>
      expect.fail(`not on the screen: ${text}\n${shot()}`),
    );
  return {
    tmux,
    shot,
    see,
    press: (...keys: readonly string[]) => tmux('send-keys', '-t', '=v:', ...keys),
    write: (text: string) => tmux('send-keys', '-l', '-t', '=v:', text),
    resize: (x: number, y: number) => tmux('resize-window', '-t', '=v:', '-x', String(x), '-y', String(y)),
    [Symbol.dispose]: () => void tmux('kill-server'),
  };
};

test('[SEC-7] what an agent prints does nothing to the terminal that shows it', async () => {
  await using program = openProgram({ settings });
  expect(await program.drover('launch', '1', 'instance', '--agent', 'liar')).toMatchObject({ exit: 0 });
  using terminal = openTerminal(program, [100, 30]);
  await terminal.see('plain words');
  expect(terminal.tmux('list-buffers')).toBe('');
  expect(terminal.tmux('display-message', '-p', '-t', '=v:', '#{pane_title}')).not.toContain('stolen');
  expect(terminal.tmux('display-message', '-p', '-t', '=v:', '#{mouse_all_flag}')).toBe('0\n');
  terminal.press('C-c');
  await terminal.see(/Ctrl-C/u);
  terminal.press('C-c');
  await terminal.see('ended with 0');
  expect(terminal.tmux('display-message', '-p', '-t', '=v:', '#{alternate_on} #{cursor_flag} #{mouse_any_flag}')).toBe(
    '0 1 0\n',
  );
});

test('nonsense, a paste of a hundred lines, windows of any size and a dead daemon leave the screen in order', async () => {
  await using program = openProgram();
  // A person's terminal is there before the agents: nobody could tell a later one from that of an agent here.
  using terminal = openTerminal(program, [80, 24]);
  expect(await program.drover('launch', '3', 'instances')).toMatchObject({ exit: 0 });
  await terminal.see('rehearsal-3');
  terminal.write('florble the $(wombat)');
  terminal.press('Enter');
  await terminal.see('✖');
  terminal.press('C-u');

  // Pasted, nothing of it is run: it becomes one line, which somebody may still look at.
  const lines = Array.from({ length: 100 }, (_, n) => `stop all instances force line ${n}`).join('\n');
  terminal.tmux('set-buffer', '-b', 'lines', `${lines}\n`);
  terminal.tmux('paste-buffer', '-p', '-b', 'lines', '-t', '=v:');
  await terminal.see('line 99');
  expect((await program.drover('list', 'instances')).stdout.match(/idle/gu)).toHaveLength(3);
  terminal.press('C-c');
  await eventually(() => !terminal.shot().includes('line 99'));

  for (const [columns, rows] of [
    [40, 10],
    [20, 5],
    [2, 2],
    [1, 1],
    [300, 80],
    [80, 24],
  ] as const) {
    terminal.resize(columns, rows);
    if (columns >= 40) await terminal.see('rehearsal-1');
  }
  await terminal.see('rehearsal-3');

  const { stdout } = await program.drover('daemon', 'status', '--json');
  const { pid } = JSON.parse(stdout) as { pid: number };
  process.kill(pid, 'SIGKILL');
  // Another one is there before anybody misses it, with the same agents.
  await eventually(async () => {
    const status = await program.drover('daemon', 'status', '--json');
    return status.exit === 0 && (JSON.parse(status.stdout) as { pid: number }).pid !== pid;
  });
  terminal.write('stop instance rehearsal-2');
  terminal.press('Enter');
  await terminal.see('Stopped 1 instance: rehearsal-2.');

  program.tmux('kill-server');
  await terminal.see('2 lost');
  terminal.press('C-c', 'C-c');
  await terminal.see('ended with 0');
  expect(readFileSync(program.paths.daemonLog, 'utf8')).not.toMatch(/a promise was not awaited|TypeError/u);
});
