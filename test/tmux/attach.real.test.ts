import { readdirSync, readFileSync } from 'node:fs';
import { spawn } from '@lydell/node-pty';
import { expect, test, vi } from 'vitest';
import { testServer } from './server.ts';

const until = (condition: () => Promise<boolean> | boolean) =>
  vi.waitUntil(condition, { timeout: 30_000, interval: 30 });

const events = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
    .join('');

/** `tmux attach` as a person types it, in a terminal of this size. */
const attach = (server: ReturnType<typeof testServer>, session: string, size: { cols: number; rows: number }) => {
  const pty = spawn('tmux', ['-u', '-S', server.socketPath, 'attach', '-t', `=${session}`], {
    ...size,
    name: 'xterm-256color',
    env: server.env as Record<string, string>,
  });
  let screen = '';
  pty.onData((data) => {
    screen += data;
  });
  const left = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  return { pty, left, screen: () => screen };
};

test('[TMX-4] a plain tmux attach reaches the agent, decides its size, and leaves it running when it ends', async () => {
  await using server = testServer("set -g default-shell /bin/false\nset-hook -g client-attached 'set -g @seen yes'");
  const { tmux } = server;
  const { pane, pid } = await tmux.create(server.spec('r-claude-1', 'echo the agent; exec cat'));
  const client = attach(server, 'r-claude-1', { cols: 100, rows: 40 });
  await until(() => client.screen().includes('the agent'));
  client.pty.write('typed by hand\r');
  await until(async () => (await tmux.capture(pane)).includes('typed by hand'));
  await until(async () => (await tmux.list(''))[0]?.attached === 1);
  expect(await tmux.list('')).toMatchObject([{ cols: 100, rows: 39, attached: 1 }]);
  await until(() => events(server.path('spool')).includes('client-attached'));
  // The hook that the user has for all sessions is not hidden by ours.
  expect(await server.raw('show-options', '-gv', '@seen')).toBe('yes\n');

  client.pty.kill('SIGKILL');
  await client.left;
  await until(async () => (await tmux.list(''))[0]?.attached === 0);
  await until(() => events(server.path('spool')).includes('client-detached'));
  await tmux.resize('r-claude-1', 120, 30);
  expect(await tmux.list('')).toMatchObject([{ pid, cols: 120, rows: 30, dead: false }]);

  const second = attach(server, 'r-claude-1', { cols: 90, rows: 25 });
  await until(async () => (await tmux.list(''))[0]?.cols === 90);
  second.pty.kill('SIGHUP');
  await second.left;
});
