import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { openOnAgents, withAgents } from './agent-view.ts';
import { BIN, openTerminal } from './terminal.ts';

const PATIENCE = { timeout: 30_000 };
/** Its status line: which session it is, or, at first, how one comes back. */
const SESSION = /^(?:\[r-rehears|C-b [dL] brings you back)/m;
type World = Awaited<ReturnType<typeof openOnAgents>>;

/** Presses `a` on the second agent and waits until its session has the whole terminal. */
const attach = async ({ view, tmux }: World): Promise<void> => {
  view.type('\u001B');
  await view.see('q leave');
  view.type('l');
  await view.see('▶ rehearsal-2');
  view.type('a');
  await vi.waitUntil(() => tmux('list-clients', '-F', '#{client_session}') === 'r-rehearsal-2', PATIENCE);
  await view.see(SESSION);
};

test('[TUI-5] a gives the whole terminal to the agent’s session; every way back ends in the same view, with the same pane', async () => {
  await using world = await openOnAgents();
  const { view, tmux } = world;
  await attach(world);
  expect(view.screen()).not.toContain('◆ drover');
  view.type('typed in its session\r');
  await view.see('heard: typed in its session');
  view.type('\u0002d');
  await view.see('▶ rehearsal-2');
  await view.see('q leave');

  // Taken away from elsewhere, while the terminal has got another size.
  view.type('a');
  await view.see(SESSION);
  view.resize(100, 30);
  tmux('detach-client', '-s', '=r-rehearsal-2');
  await view.see('▶ rehearsal-2');
  await vi.waitUntil(() => view.screen().split('\n')[0]?.trimEnd().length === 99, PATIENCE);

  // Killed, as by a person who is tired of it.
  view.type('a');
  await view.see(SESSION);
  const client = await vi.waitUntil(() => Number(tmux('list-clients', '-F', '#{client_pid}')) || false);
  process.kill(client, 'SIGTERM');
  await view.see('▶ rehearsal-2');
  await view.see('attaching ended with code 1');

  view.type('a');
  await view.see(SESSION);
  tmux('kill-server');
  await view.see('◆ drover');
  view.type('q');
  await world.expectClean(0);
});

test('a view that is told to end while an agent has its terminal takes it from there, and leaves it clean', async () => {
  await using world = await openOnAgents();
  await attach(world);
  process.kill(world.pid(), 'SIGTERM');
  await world.expectClean(143);
  await expect.poll(() => world.tmux('list-clients')).toBe('');
  expect(world.tmux('list-sessions', '-F', '#{session_name}')).toContain('r-rehearsal-2');
});

test('Ctrl-Z gives the shell a clean terminal, and going on takes it back', async () => {
  await using world = await openOnAgents();
  const { view, root } = world;
  const pid = world.pid();
  const ps = (what: string): string =>
    execFileSync('ps', ['-o', `${what}=`, '-p', `${pid}`], { encoding: 'utf8' }).trim();
  view.type('\u001B');
  await view.see('q leave');
  view.type('\u001A');
  await vi.waitUntil(() => ps('stat').startsWith('T'), PATIENCE);
  await vi.waitUntil(() => view.terminal.buffer.active.type === 'normal', PATIENCE);
  const settings = execFileSync('stty', ['-F', `/dev/${ps('tty')}`, '-g'], { encoding: 'utf8' });
  expect(settings).toBe(readFileSync(`${root}.before`, 'utf8'));
  process.kill(pid, 'SIGCONT');
  await view.see('▶ rehearsal-1');
  view.type('q');
  await world.expectClean(0);
});

test('[TUI-5] inside tmux a switches the client to the agent and back, and nothing is nested', async () => {
  await using world = withAgents();
  const { root, env, tmux } = world;
  const view = openTerminal(['tmux', '-u', 'new-session', '-s', 'mine', '-c', root, `'${process.execPath}' '${BIN}'`], {
    cwd: root,
    env,
  });
  await view.see('rehearsal-2');
  view.type('\u001B');
  await view.see('q leave');
  view.type('a');
  await vi.waitUntil(() => tmux('list-clients', '-F', '#{client_session}') === 'r-rehearsal-1', PATIENCE);
  await view.see(SESSION);
  expect(view.screen()).not.toContain('nested');
  view.type('hello\r');
  await view.see('heard: hello');
  view.type('\u0002L');
  await view.see('▶ rehearsal-1');
  expect(view.screen()).not.toContain('nested');

  // Typing in place works there too: a client within the client.
  view.type('\r');
  await view.see('keys go to rehearsal-1');
  await vi.waitUntil(() => tmux('list-clients', '-F', '#{client_session}').split('\n').length === 2, PATIENCE);
  view.type('in place\r');
  await view.see('heard: in place');
  view.type('\u001D');
  await view.see('q leave');
  view.type('q');
  expect(await view.ended()).toBe(0);
});
