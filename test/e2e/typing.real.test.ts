import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { openOnAgents } from './agent-view.ts';

const PATIENCE = { timeout: 30_000 };

test.each([
  ['a terminal client of its own', {}],
  ['commands of tmux, without one', { DROVER_NO_PTY: '1' }],
])('[TUI-4] Enter gives the keys to the real agent through %s, and Ctrl-] takes them back', async (_how, env) => {
  await using world = await openOnAgents(env);
  const { view, logged, size } = world;
  const before = size();
  // All at once, as over a slow line: what follows the Enter is the agent's already.
  view.type('\rhi\r');
  await vi.waitUntil(() => logged().includes('heard: hi'), PATIENCE);
  await view.see('heard: hi');
  await view.see('keys go to rehearsal-1 · Ctrl-] returns');
  view.type('q\u0003stop all\u001D\u001B');
  await view.see('q leave');
  await view.see('▶ rehearsal-1');
  await vi.waitUntil(() => size() === before, PATIENCE);
  view.type('l');
  await view.see('▶ rehearsal-2');
  view.type('q');
  await world.expectClean(0);
  expect(logged()).not.toContain('heard: q');
});

test('[REC-5] without the package for pseudo-terminals keys go by tmux, the pane shows the log, and the screen says so', async () => {
  using folder = temporaryFolder('bare');
  const ours = (part: string): string => fileURLToPath(new URL(`../../${part}`, import.meta.url));
  for (const part of ['bin', 'dist', 'assets', 'package.json'])
    cpSync(ours(part), join(folder.path, part), { recursive: true });
  mkdirSync(join(folder.path, 'node_modules'));
  symlinkSync(ours('node_modules/@xterm'), join(folder.path, 'node_modules', '@xterm'));
  const program = join(folder.path, 'bin', 'drover.js');
  await using world = await openOnAgents({}, program);
  const { view, logged, root, env } = world;
  view.type('\rhi\r');
  await vi.waitUntil(() => logged().includes('heard: hi'), PATIENCE);
  await view.see('heard: hi');
  await view.see('node-pty cannot be used: keys go by commands of tmux, and the pane shows what the log has');
  view.type('\u001D\u001B');
  await view.see('q leave');
  for (const argv of [['status'], ['instances', 'list'], ['tasks', 'create', 'Something'], ['logs', 'rehearsal-1']])
    execFileSync(process.execPath, [program, ...argv], { cwd: root, env });
  view.type('q');
  await world.expectClean(0);
});

test('an agent’s window follows the pane and its size comes back; the tmux server’s end leaves the view, and the view a clean terminal', async () => {
  await using world = await openOnAgents();
  const { view, size, tmux } = world;
  view.type('\r');
  await view.see('keys go to rehearsal-1');
  await vi.waitUntil(() => size().startsWith('118x'), PATIENCE);
  view.resize(90, 30);
  await vi.waitUntil(() => size().startsWith('88x'), PATIENCE);
  tmux('kill-server');
  await view.see(/rehearsal-1: the tmux server is gone · Enter goes back/);
  view.type('stop all q\r');
  await view.see(/^ (?!.*Enter goes back).*\? keys$/m);
  view.type('\u0003\u0003');
  await world.expectClean(0);
});

test('a lost line while an agent is typed into leaves a clean terminal and the agent alive', async () => {
  await using world = await openOnAgents();
  const { view, tmux } = world;
  view.type('\r');
  await vi.waitUntil(() => tmux('list-clients') !== '', PATIENCE);
  process.kill(world.pid(), 'SIGHUP');
  await world.expectClean(129);
  await expect.poll(() => tmux('list-clients')).toBe('');
  expect(tmux('list-sessions', '-F', '#{session_name}')).toContain('r-rehearsal-1');
});
