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
