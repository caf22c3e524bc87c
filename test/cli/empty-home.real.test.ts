import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain } from '../helpers/io.ts';

test('a daemon that is started with an empty HOME, and its agents, have the home of their user', async () => {
  const robot = { command: ['sh', '-c', 'printf "%s." "$HOME" > home.txt; exec cat'] };
  await using repository = daemonRepository({ settings: { agent: 'robot', agents: { robot } } });
  const { HOME = '', ...others } = repository.env;
  const own = { XDG_CONFIG_HOME: join(HOME, '.config'), XDG_STATE_HOME: join(HOME, '.local', 'state') };
  const at = { cwd: repository.root, env: { ...others, ...own, HOME: '' } };
  expect(await runMain(['launch', '1', 'instance'], at)).toMatchObject({ exit: 0 });
  const told = join(repository.paths.worktrees, 'robot-1', 'home.txt');
  await vi.waitUntil(() => existsSync(told) && readFileSync(told, 'utf8').endsWith('.'), 10_000);
  expect(readFileSync(told, 'utf8')).toBe(`${userInfo().homedir}.`);
});
