import { readFileSync } from 'node:fs';
import { spawn } from '@lydell/node-pty';
import { expect, test, vi } from 'vitest';
import type { SideWindow } from '../../src/ports/index.ts';
import { targetMissing } from '../../src/tmux/errors.ts';
import { testServer } from './server.ts';

type Server = ReturnType<typeof testServer>;

const until = (condition: () => Promise<boolean> | boolean) =>
  vi.waitUntil(condition, { timeout: 30_000, interval: 30 });

const beside = (argv: readonly string[] = ['echo', 'the log']): readonly SideWindow[] => [
  { name: 'shell', says: 'Press Enter for a shell.', argv: [] },
  { name: 'log', says: `Enter: it's "the" log #{pid} #(id)`, argv },
];

const windowsOf = async (server: Server, session: string): Promise<string[]> =>
  (await server.raw('list-windows', '-t', `=${session}`, '-F', '#{window_active}#W')).trim().split('\n');

/** A terminal that looks at a session. */
const attach = (server: Server, ...args: string[]) => {
  const pty = spawn('tmux', ['-u', '-S', server.socketPath, 'attach', ...args], {
    ...{ cols: 100, rows: 30, name: 'xterm-256color' },
    env: server.env as Record<string, string>,
  });
  const left = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  return { pty, left };
};

test('[TMX-6] a session has the windows agent, shell and log, and shows the agent', async () => {
  await using server = testServer();
  const { pane } = await server.tmux.create(server.spec('r-kiro-1', 'exec cat', { windows: beside() }));
  expect(await windowsOf(server, 'r-kiro-1')).toEqual(['1agent', '0shell', '0log']);
  expect((await server.tmux.list('')).map((info) => info.pane)).toEqual([pane]);
  const options = await server.raw('show-options', '-w', '-t', '=r-kiro-1:=shell');
  expect(options).toContain('remain-on-exit off');
});

test('[TMX-6] the shell begins with Enter, in the worktree, and the log begins again as often as somebody likes', async () => {
  await using server = testServer();
  const { tmux } = server;
  await tmux.create(server.spec('w', 'exec cat', { windows: beside() }));
  const capture = (window: string) => server.raw('capture-pane', '-p', '-t', `=w:=${window}`);
  await until(async () => (await capture('log')).includes(`Enter: it's "the" log #{pid} #(id)`));
  await server.raw('send-keys', '-t', '=w:=shell', 'Enter');
  await server.raw('send-keys', '-t', '=w:=shell', 'pwd > here', 'Enter');
  await until(() => {
    try {
      return readFileSync(server.path('here'), 'utf8') === `${server.path()}\n`;
    } catch {
      return false;
    }
  });
  for (const times of [2, 3]) {
    await server.raw('send-keys', '-t', '=w:=log', 'Enter');
    await until(async () => (await capture('log')).split('the log').length >= times);
  }
  // An interrupt ends what runs there and not the window.
  await server.raw('send-keys', '-t', '=w:=log', 'C-c');
  await server.raw('send-keys', '-t', '=w:=log', 'Enter');
  await until(async () => (await capture('log')).split('\nthe log').length >= 4);
  await server.raw('send-keys', '-t', '=w:=log', 'C-d');
  await until(async () => !(await windowsOf(server, 'w')).includes('0log'));
});

test('[TMX-6] windows that were closed or named otherwise are restored, and a person’s own stay', async () => {
  await using server = testServer('set -g base-index 1\nset -g renumber-windows on');
  const { tmux } = server;
  const spec = server.spec('w', 'exec cat', { windows: beside() });
  await tmux.create(spec);
  await server.raw('new-window', '-d', '-t', '=w:', '-n', 'mine', 'cat');
  await server.raw('kill-window', '-t', '=w:=shell');
  await server.raw('rename-window', '-t', '=w:=log', 'other');
  await server.raw('rename-window', '-t', '=w:=agent', 'odd');
  expect(await tmux.layout(spec)).toEqual(['shell']);
  expect((await windowsOf(server, 'w')).toSorted()).toEqual(['0log', '0mine', '0shell', '1agent']);
  expect(await tmux.layout(spec)).toEqual([]);
  await expect(tmux.layout({ ...spec, droverId: '/other/w' })).rejects.toSatisfy(targetMissing.matches);
  await expect(tmux.layout({ ...spec, session: 'nobody' })).rejects.toSatisfy(targetMissing.matches);
});

test('[TMX-6] a session from before there were windows beside the agent gets them', async () => {
  await using server = testServer();
  const { windows, ...spec } = server.spec('w', 'exec cat', { windows: beside() });
  await server.tmux.create(spec);
  await server.raw('set-option', '-wu', '-t', '=w:', '@drover_window');
  await server.raw('rename-window', '-t', '=w:', 'w');
  expect(await server.tmux.layout({ ...spec, windows: windows! })).toEqual(['shell', 'log']);
  expect(await windowsOf(server, 'w')).toEqual(['1agent', '0shell', '0log']);
});

test('an agent’s pane that is gone is not found in the windows that stay', async () => {
  await using server = testServer();
  const { pane } = await server.tmux.create(server.spec('w', 'exec cat', { windows: beside() }));
  await server.raw('kill-pane', '-t', pane);
  expect(await server.tmux.list('')).toEqual([]);
  expect(await windowsOf(server, 'w')).toHaveLength(2);
});

test('sessions are told with their windows and with who looks at them, and everybody can be sent away', async () => {
  await using server = testServer();
  const { tmux } = server;
  expect(await tmux.sessions('/repo/')).toEqual([]);
  expect(await tmux.detach('w', '/repo/w')).toBe(0);
  const before = Math.floor(Date.now() / 1000) * 1000;
  await tmux.create(server.spec('w', 'exec cat', { windows: beside() }));
  await server.raw('new-session', '-d', '-s', 'mine', 'cat');
  const clients = [attach(server, '-t', '=w'), attach(server, '-r', '-t', '=w'), attach(server, '-t', '=mine')];
  await until(async () => (await tmux.sessions('/repo/'))[0]?.clients.length === 2);
  await until(async () => (await server.raw('list-clients')).trim().split('\n').length === 3);
  const [session, ...others] = await tmux.sessions('/repo/');
  expect(others).toEqual([]);
  expect(session).toMatchObject({ session: 'w', droverId: '/repo/w', windows: ['agent', 'shell', 'log'] });
  expect(session!.clients.map((client) => client.readOnly).toSorted()).toEqual([false, true]);
  expect(session!.clients[0]).toMatchObject({ tty: expect.stringMatching(/^\/dev\//), cols: 100, rows: 30 });
  expect(Date.parse(session!.created)).toBeGreaterThanOrEqual(before);
  expect(await tmux.detach('mine', '/repo/mine')).toBe(0);
  expect(await tmux.detach('w', '/repo/w')).toBe(2);
  await Promise.all(clients.slice(0, 2).map(({ left }) => left));
  expect((await server.raw('list-clients', '-F', '#{client_session}')).trim()).toBe('mine');
  clients[2]!.pty.kill('SIGHUP');
  await clients[2]!.left;
});

test('an answer is pressed once, whoever says it again, and all of its keys', async () => {
  await using server = testServer();
  const { tmux } = server;
  const { pane } = await tmux.create(server.spec('a', 'exec cat'));
  const keys = ['text:yes; $HOME "#{pid}"', 'wait:20', 'Enter', 'text:and more', 'Enter'];
  expect(await tmux.reply(pane, keys, 'asked 1')).toBe(true);
  expect(await tmux.reply(pane, keys, 'asked 1')).toBe(false);
  // What a task was given with is remembered apart from that.
  await tmux.type(pane, 'a brief', { enter: true, once: 't 1' });
  expect(await tmux.reply(pane, keys, 'asked 1')).toBe(false);
  await until(async () => (await tmux.capture(pane)).includes('a brief\na brief'));
  const lines = (await tmux.capture(pane)).split('\n').filter((line) => line !== '');
  const typed = ['yes; $HOME "#{pid}"', 'and more', 'a brief'];
  expect(lines.toSorted()).toEqual([...typed, ...typed].toSorted());
  expect(await tmux.reply(pane, ['text:other', 'Enter'], 'asked 2')).toBe(true);
  await expect(tmux.reply('%999', ['Enter'], 'x')).rejects.toSatisfy(targetMissing.matches);
});
