import { existsSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { testServer } from './server.ts';

type Server = ReturnType<typeof testServer>;

const beside = [{ name: 'shell', says: 'Press Enter for a shell.', argv: [] }];

/** An agent with a window beside it, and the process of its pane. */
const agentOn = async (server: Server, session = 'r-kiro-1') =>
  server.tmux.create(server.spec(session, 'exec cat', { windows: beside }));

const hasEnded = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

const windowsOf = async (server: Server): Promise<string[]> =>
  (await server.raw('list-windows', '-a', '-F', '#S #W')).trim().split('\n');

test('[TMX-3] an agent is ended whose session a person has renamed', async () => {
  await using server = testServer();
  const { pid } = await agentOn(server);
  await agentOn(server, 'r-kiro-10');
  await server.raw('rename-session', '-t', '=r-kiro-1', 'mine');
  await server.tmux.kill('/repo/r-kiro-1');
  await vi.waitUntil(() => hasEnded(pid));
  expect(await server.tmux.sessionNames()).toEqual(['r-kiro-10']);
});

test('[TMX-3] an agent is ended that a person looks at through a session of theirs, and windows of their own there stay', async () => {
  await using server = testServer();
  const { pid } = await agentOn(server);
  await server.raw('new-session', '-d', '-t', '=r-kiro-1', '-s', 'view');
  await server.raw('new-window', '-d', '-t', '=view:', '-n', 'notes', 'exec cat');
  await server.tmux.kill('/repo/r-kiro-1');
  await vi.waitUntil(() => hasEnded(pid));
  expect(await windowsOf(server)).toEqual(['view notes']);
});

test('[TMX-3] an agent is ended whose window a person shows in a session of theirs as well', async () => {
  await using server = testServer();
  const { pid } = await agentOn(server);
  await server.raw('new-session', '-d', '-s', 'mine', '-n', 'own', 'exec cat');
  await server.raw('link-window', '-d', '-s', '=r-kiro-1:=agent', '-t', '=mine:');
  await server.tmux.kill('/repo/r-kiro-1');
  await vi.waitUntil(() => hasEnded(pid));
  expect(await windowsOf(server)).toEqual(['mine own']);
});

test.each([
  ['window', ['move-window', '-d', '-s', '=r-kiro-1:=agent', '-t', '=mine:']],
  ['pane', ['join-pane', '-d', '-s', '=r-kiro-1:=agent', '-t', '=mine:']],
])('[TMX-3] an agent is ended whose %s a person has moved into a session of theirs', async (_what, words) => {
  await using server = testServer();
  const { pid } = await agentOn(server);
  await server.raw('new-session', '-d', '-s', 'mine', '-n', 'own', 'exec cat');
  await server.raw(...words);
  // What was opened beside it may be closed by then, and the session with it.
  await server.raw('kill-session', '-t', '=r-kiro-1');
  await server.tmux.kill('/repo/r-kiro-1');
  await vi.waitUntil(() => hasEnded(pid));
  expect(await windowsOf(server)).toEqual(['mine own']);
  expect((await server.raw('list-panes', '-t', '=mine:')).trim().split('\n')).toHaveLength(1);
});

test('[TMX-3] another agent goes on whose window a person shows beside that of the one which is ended', async () => {
  await using server = testServer();
  const one = await agentOn(server);
  const other = await agentOn(server, 'r-kiro-2');
  await server.raw('link-window', '-d', '-s', '=r-kiro-2:=agent', '-t', '=r-kiro-1:');
  await server.raw('link-window', '-d', '-s', '=r-kiro-2:=shell', '-t', '=r-kiro-1:');
  await server.tmux.kill('/repo/r-kiro-1');
  await vi.waitUntil(() => hasEnded(one.pid));
  expect(await windowsOf(server)).toEqual(['r-kiro-2 agent', 'r-kiro-2 shell']);
  expect(hasEnded(other.pid)).toBe(false);
});

test.each([
  ['in a window of their own', ['new-window', '-d', '-t', '=r-kiro-1:', '-n', 'edit', 'exec cat']],
  ['beside the agent', ['split-window', '-d', '-t', '=r-kiro-1:=agent', 'exec cat']],
  ['in the shell that is offered', ['respawn-window', '-k', '-t', '=r-kiro-1:=shell', 'exec cat']],
])('[TMX-3] what a person runs in the session of an agent, %s, goes on when that is ended', async (_where, words) => {
  await using server = testServer();
  const { pid } = await agentOn(server);
  await server.raw(...words);
  const theirs = (): Promise<string> =>
    server.raw('list-panes', '-a', '-f', '#{==:#{pane_current_command},cat}', '-F', '#{pane_pid}');
  const mine = await vi.waitUntil(async () => (await theirs()) || false);
  expect(await server.tmux.kill('/repo/r-kiro-1')).toEqual(['r-kiro-1-yours']);
  await vi.waitUntil(() => hasEnded(pid));
  expect([await server.tmux.sessionNames(), await theirs()]).toEqual([['r-kiro-1-yours'], mine]);
  // Its name is free for the next one, which is ended alone.
  const next = await agentOn(server);
  expect(await server.tmux.kill('/repo/r-kiro-1')).toEqual([]);
  await vi.waitUntil(() => hasEnded(next.pid));
  expect(await server.tmux.sessionNames()).toEqual(['r-kiro-1-yours']);
});

/** Opens the shell that is offered in the session of an agent, and resolves with its process when it reads there. */
const openShell = async (server: Server): Promise<string> => {
  await server.raw('send-keys', '-t', '=r-kiro-1:=shell', 'Enter');
  await server.raw('send-keys', '-t', '=r-kiro-1:=shell', 'echo $$ >begun', 'Enter');
  return vi.waitUntil(() => existsSync(server.path('begun')) && readFileSync(server.path('begun'), 'utf8').trim());
};

test.each([
  ['at its prompt', []],
  ['with a job in the background', ['sleep 60 &', 'Enter']],
  ['with half a line typed', ['echo half']],
])(
  '[TMX-3] a shell that a person has opened in the session of an agent, %s, goes on when that is ended',
  async (_how, keys) => {
    await using server = testServer();
    const { pid } = await agentOn(server);
    const shell = await openShell(server);
    if (keys.length > 0) await server.raw('send-keys', '-t', '=r-kiro-1:=shell', ...keys);
    expect(await server.tmux.kill('/repo/r-kiro-1')).toEqual(['r-kiro-1-yours']);
    await vi.waitUntil(() => hasEnded(pid));
    expect((await server.raw('list-panes', '-a', '-F', '#S #{pane_pid}')).trim()).toBe(`r-kiro-1-yours ${shell}`);
  },
);

test('[TMX-3] a session in which a person has left the shell again is ended as one in which none was opened', async () => {
  await using server = testServer();
  const { pid } = await agentOn(server);
  await openShell(server);
  await server.raw('send-keys', '-t', '=r-kiro-1:=shell', 'exit', 'Enter');
  await vi.waitUntil(async () => !(await windowsOf(server)).includes('r-kiro-1 shell'));
  await server.tmux.layout(server.spec('r-kiro-1', 'exec cat', { windows: beside }));
  expect(await server.tmux.kill('/repo/r-kiro-1')).toEqual([]);
  await vi.waitUntil(() => hasEnded(pid));
  expect(await server.tmux.sessionNames()).toEqual([]);
});
