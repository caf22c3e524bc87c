import { expect, test, vi } from 'vitest';
import { alive, daemonRepository } from '../helpers/daemon.ts';
import { openDrover } from './terminal.ts';

test('[TUI-7] kill -HUP ends the screen alone: the terminal is given back, sessions and daemon live', async () => {
  await using repository = daemonRepository({ env: { DROVER_REHEARSAL_TASK_MS: '300000' } });
  const { root, env, tmux } = repository;
  const screen = openDrover([], { cwd: root, env });
  await screen.see('No agent yet.');
  screen.type('launch 2 instances agent=rehearsal\r');
  await screen.see('○ 2 idle');
  const daemon = repository.pid()!;
  screen.hangUp();
  expect(await screen.ended()).toBe(129);
  expect(screen.terminal.buffer.active.type).toBe('normal');
  expect(tmux('list-sessions', '-F', '#{session_name}').split('\n').toSorted()).toEqual([
    'r-rehearsal-1',
    'r-rehearsal-2',
  ]);
  expect(alive(daemon)).toBe(true);
  const again = openDrover([], { cwd: root, env });
  await again.see('○ 2 idle');
  await vi.waitUntil(() => again.screen().includes('rehearsal-2'));
  again.type('\u0003');
  again.type('\u0003');
  expect(await again.ended()).toBe(0);
});
