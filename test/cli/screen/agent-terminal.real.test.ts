import { readdirSync, readFileSync } from 'node:fs';
import pty from '@lydell/node-pty';
import { expect, onTestFinished, test, vi } from 'vitest';
import { agentTerminalOpener } from '../../../src/cli/screen/agent-terminal.ts';
import { ask } from '../../../src/client/request.ts';
import type { Reply } from '../../../src/ports/swarm.ts';
import type { TerminalSize } from '../../../src/tui/app/options.ts';
import { makeDecoder } from '../../../src/tui/input/decoder.ts';
import { makeEmulator } from '../../../src/tui/panes/emulator.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { rowsOf } from '../../tui/screen.ts';

const PATIENCE = { timeout: 30_000 };

const logged = ({ paths }: Swarm): string => {
  const dir = `${paths.logs}/rehearsal-1`;
  return readdirSync(dir)
    .filter((file) => file.endsWith('.log'))
    .map((file) => readFileSync(`${dir}/${file}`, 'utf8'))
    .join('');
};

/** A swarm with one agent, and the way to type into it. */
const withAgent = async (env: Record<string, string> = {}) => {
  const swarm = await openSwarm();
  await swarm.say('launch instance agent=rehearsal');
  await vi.waitUntil(async () => (await swarm.state()).instances['rehearsal-1']?.state.kind === 'idle', PATIENCE);
  const view = { columns: 80, color: false };
  const find = () => ask(swarm.paths, swarm.env, { text: 'attach rehearsal-1', actor: 'tui', view });
  const visit = async (size: TerminalSize = { cols: 100, rows: 20 }, found?: Reply) => {
    const reply = found ?? (await find());
    const terminal = makeEmulator(size);
    const ends: (string | null)[] = [];
    const seen = await agentTerminalOpener(swarm.paths, { ...swarm.env, TMUX: '/nowhere,1,0', ...env })(reply, size, {
      onData: (text, drawn) => terminal.write(text, drawn),
      onEnd: (reason) => void ends.push(reason),
    });
    terminal.onData((raw) => seen.type([{ kind: 'other', raw }]));
    const type = (text: string) => seen.type(makeDecoder().feed(new TextEncoder().encode(text)));
    return { ...seen, terminal, ends, type, screen: () => rowsOf(terminal).join('\n') };
  };
  const windowSize = () =>
    swarm.tmux('display-message', '-p', '-t', '=r-rehearsal-1:', '#{window_width}x#{window_height}');
  return { swarm, find, visit, windowSize };
};

test.each([
  ['a terminal of its own', {}],
  ['commands of tmux, without one', { DROVER_NO_PTY: '1' }],
])('what is typed through %s reaches the agent as it was typed, a paste in one piece', async (_how, env) => {
  const { swarm, visit, windowSize } = await withAgent(env);
  await using _ends = swarm;
  const before = windowSize();
  const seat = await visit();
  seat.type('hé世 ; $(x) #{y}\r');
  await vi.waitUntil(() => logged(swarm).includes('heard: hé世 ; $(x) #{y}'), PATIENCE);
  seat.type('\u001B[200~one paste\u001B[201~');
  seat.type('\u007Fx\r');
  await vi.waitUntil(() => logged(swarm).includes('heard: one pastx'), PATIENCE);
  await seat.close();
  expect(windowSize()).toBe(before);
  expect(swarm.tmux('list-clients')).toBe('');
});

test('keys that come before the client has drawn are what they are to the agent, and none is lost by leaving', async () => {
  const { swarm, visit } = await withAgent();
  await using _ends = swarm;
  const shown = () => swarm.tmux('capture-pane', '-p', '-t', '=r-rehearsal-1:');
  swarm.tmux('respawn-pane', '-k', '-t', '=r-rehearsal-1:', 'stty raw -echo; echo ready; exec cat -v');
  await vi.waitUntil(() => shown().includes('ready'), PATIENCE);
  const seat = await visit();
  seat.type('a\r');
  seat.type('\u0003b');
  await vi.waitUntil(() => shown().includes('a^M^Cb'), PATIENCE);
  await seat.close();
  const brief = await visit();
  brief.type('c\r');
  await brief.close();
  await vi.waitUntil(() => shown().includes('a^M^Cbc^M'), PATIENCE);
});

test('the agent’s window has the size of the pane while it is typed into, and its own again afterwards', async () => {
  const { swarm, visit, windowSize } = await withAgent();
  await using _ends = swarm;
  const before = windowSize();
  const seat = await visit();
  await vi.waitUntil(() => windowSize() === '100x19', PATIENCE);
  seat.resize({ cols: 70, rows: 15 });
  seat.terminal.resize(70, 15);
  await vi.waitUntil(() => windowSize() === '70x14', PATIENCE);
  await vi.waitUntil(() => seat.screen().includes('Drover rehearsal'), PATIENCE);
  await seat.close();
  expect(windowSize()).toBe(before);
  // Who attaches later decides about the size again.
  const later = await visit({ cols: 90, rows: 25 });
  await vi.waitUntil(() => windowSize() === '90x24', PATIENCE);
  await later.close();
  expect([windowSize(), later.ends.length]).toEqual([before, 1]);
});

test('while somebody else is attached the window goes by them when the person leaves', async () => {
  const { swarm, visit, windowSize } = await withAgent();
  await using _ends = swarm;
  const other = pty.spawn('tmux', ['-u', 'attach', '-t', '=r-rehearsal-1'], {
    cols: 66,
    rows: 22,
    name: 'xterm-256color',
    env: swarm.env,
  });
  onTestFinished(() => other.kill('SIGKILL'));
  await vi.waitUntil(() => windowSize() === '66x21', PATIENCE);
  const seat = await visit();
  seat.type('x');
  await vi.waitUntil(() => windowSize() === '100x19', PATIENCE);
  await seat.close();
  await vi.waitUntil(() => windowSize() === '66x21', PATIENCE);
});

test.each([
  ['the person detaches', (seat: { type: (text: string) => void }) => seat.type('\u0002d'), null],
  [
    'the session is killed',
    (_seat: unknown, swarm: Swarm) => void swarm.tmux('kill-session', '-t', '=r-rehearsal-1'),
    'its session has ended',
  ],
  [
    'the tmux server is killed',
    (_seat: unknown, swarm: Swarm) => void swarm.tmux('kill-server'),
    'the tmux server is gone',
  ],
])('when %s it is told apart', async (_what, act, reason) => {
  const { swarm, visit } = await withAgent();
  await using _ends = swarm;
  const seat = await visit();
  await vi.waitUntil(() => seat.screen().includes('Drover rehearsal'), PATIENCE);
  act(seat, swarm);
  await vi.waitUntil(() => seat.ends.length === 1, PATIENCE);
  expect(seat.ends).toEqual([reason]);
  seat.type('late');
  seat.resize({ cols: 30, rows: 10 });
  await seat.close().catch(() => undefined);
});

test('a session that ends under a person’s hands never leaves them in another one, whatever tmux is set to', async () => {
  const { swarm, visit } = await withAgent();
  await using _ends = swarm;
  swarm.tmux('new-session', '-d', '-s', 'another');
  swarm.tmux('set-option', '-g', 'detach-on-destroy', 'off');
  const seat = await visit();
  await vi.waitUntil(() => seat.screen().includes('Drover rehearsal'), PATIENCE);
  swarm.tmux('kill-session', '-t', '=r-rehearsal-1');
  await vi.waitUntil(() => seat.ends.length === 1, PATIENCE);
  expect(swarm.tmux('list-clients')).toBe('');
  await seat.close();
});

test('without a terminal of its own, an agent that is gone is noticed by typing', async () => {
  const { swarm, visit } = await withAgent({ DROVER_NO_PTY: '1' });
  await using _ends = swarm;
  const seat = await visit();
  seat.resize({ cols: 30, rows: 10 });
  swarm.tmux('kill-server');
  seat.type('hello');
  await vi.waitUntil(() => seat.ends.length === 1, PATIENCE);
  expect(seat.ends).toEqual(['its terminal is gone']);
  await seat.close();
});

test('a session that is not the agent’s is not typed into', async () => {
  const { swarm, find, visit } = await withAgent();
  await using _ends = swarm;
  const found = await find();
  swarm.tmux('set-option', '-t', '=r-rehearsal-1:', '@drover_id', 'somebody/else');
  await expect(visit(undefined, found)).rejects.toThrow('its terminal is gone');
  expect(await find()).toMatchObject({ exit: 6, message: expect.stringContaining('rehearsal-1') });
});
