import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchScript } from '../../src/agents/launch-script.ts';
import { openWorld, write } from '../git/world.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const ASSETS = join(import.meta.dirname, '../../assets');

/** Puts programs of these names into a folder, each of which leaves word that it ran. */
const plant = (folder: string, names: readonly string[]): void => {
  for (const name of names)
    writeFileSync(join(folder, name), `#!/bin/sh\necho ${name} >>"${folder}/ran"\n`, { mode: 0o755 });
};

test('[SEC-9] programs that lie in a worktree are not run around its agent, whatever folders the PATH has', () => {
  using folder = temporaryFolder('scripts');
  const at = (name: string) => join(folder.path, name);
  plant(folder.path, ['awk', 'sleep', 'env', 'dd', 'wc', 'rm', 'mkdir', 'mv', 'tmux', 'nice']);
  const env = { PATH: `.:${process.env['PATH']}`, SHELL: '/bin/true' };
  const launch = at('launch');
  const own = { PATH: process.env['PATH'] ?? '' };
  writeFileSync(launch, launchScript({ argv: ['touch', at('began')], env: own, keep: [] }));
  mkdirSync(at('spool'));
  const run = (script: string, args: readonly string[]) =>
    spawnSync('/bin/sh', [join(ASSETS, script), ...args], { cwd: folder.path, env, input: '\n', timeout: 60_000 })
      .status;
  expect(run('pane.sh', [launch])).toBe(0);
  expect(run('window.sh', ['Press Enter.'])).toBe(0);
  expect(run('log-writer.sh', [at('logs'), '1'])).toBe(0);
  expect(run('tmux-event.sh', [at('spool'), '/r/one-1', 'pane-died'])).toBe(0);
  expect([existsSync(at('began')), existsSync(at('ran'))]).toEqual([true, false]);
});

test('a writer of a log whose repository is removed just when it makes a folder there makes nothing of it again', () => {
  using folder = temporaryFolder('scripts');
  const state = join(folder.path, 'r/.git/drover');
  mkdirSync(state, { recursive: true });
  const logs = join(state, 'logs', 'one-1');
  const remove = `rm -rf ${join(folder.path, 'r')}`;
  const write = (before: string) =>
    spawnSync(
      '/bin/sh',
      ['-c', `mkdir() { ${before}; command mkdir "$@"; }; . "$0"`, join(ASSETS, 'log-writer.sh'), logs, '1'],
      {
        input: 'printed\n',
        timeout: 60_000,
      },
    ).status;
  expect(write(':')).toBe(0);
  expect(existsSync(join(logs, '000001.log'))).toBe(true);
  rmSync(join(state, 'logs'), { recursive: true });
  expect(write(remove)).toBe(0);
  expect(existsSync(join(folder.path, 'r'))).toBe(false);
});

test('[SEC-9] the shell beside an agent that was shut in runs nothing that a repository in the worktree names, when git looks', async () => {
  await using world = await openWorld();
  const { env, git, root } = world;
  const worktree = world.at('a-1');
  await git.addWorktree(worktree, { branch: await git.createBranch('work', world.first) });
  const nested = join(worktree, 'nested');
  mkdirSync(nested, { recursive: true });
  const ran = world.at('ran');
  const inNested = (...args: readonly string[]) => spawnSync('git', args, { cwd: nested, env });
  inNested('init', '-q');
  write(nested, 'a', '1\n');
  write(nested, '.gitattributes', 'a filter=own\n');
  inNested('add', '.');
  inNested('-c', 'user.name=x', '-c', 'user.email=x', 'commit', '-qm', 'first');
  spawnSync('git', ['add', 'nested'], { cwd: worktree, env });
  inNested('config', 'core.fsmonitor', `touch ${ran}; false`);
  inNested('config', 'filter.own.clean', `touch ${ran}; cat`);
  const shell = world.at('shell');
  writeFileSync(shell, '#!/bin/sh\ngit status\ngit diff\ngit config user.own\n', { mode: 0o755 });
  const looks = () => {
    rmSync(ran, { force: true });
    write(nested, 'a', '2\n');
    const own = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.own', GIT_CONFIG_VALUE_0: 'stays' };
    const words = [join(ASSETS, 'window.sh'), 'Press Enter.'];
    const { stdout } = spawnSync('/bin/sh', words, {
      ...{ cwd: worktree, input: '\n', encoding: 'utf8' },
      env: { ...env, ...own, SHELL: shell },
    });
    return { own: stdout.trim().split('\n').at(-1), ran: existsSync(ran) };
  };
  expect(looks()).toEqual({ own: 'stays', ran: true });
  write(root, '.git/drover/shut-in', '');
  expect(looks()).toEqual({ own: 'stays', ran: false });
});
