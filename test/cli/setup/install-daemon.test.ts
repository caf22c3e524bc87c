import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unitText } from '../../../src/cli/setup/unit.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runMain } from '../../helpers/io.ts';

/** A repository with a name in which everything stands that means something to systemd. */
const NASTY = 'a b%n$HOME"\'\\x';

const stage = ({ systemd = true } = {}) => {
  const folder = temporaryFolder('unit');
  const root = join(folder.path, NASTY);
  mkdirSync(join(root, '.git'), { recursive: true });
  if (systemd) mkdirSync(join(folder.path, 'run', 'systemd'), { recursive: true });
  const env = { HOME: folder.path, PATH: process.env['PATH'] ?? '', XDG_RUNTIME_DIR: join(folder.path, 'run') };
  const run = (...argv: string[]) => runMain(['daemon', ...argv], { cwd: root, env });
  return { ...folder, root, env, run, [Symbol.dispose]: () => folder[Symbol.dispose]() };
};

const isThere = spawnSync('systemd-analyze', ['--version']).status === 0;

test.skipIf(!isThere)('[INI-4] the unit is one that systemd takes, whatever the repository is called', async () => {
  using place = stage();
  const { exit, stdout } = await place.run('install', '--json');
  expect(exit).toBe(0);
  const { file, unit } = JSON.parse(stdout) as { file: string; unit: string };
  expect(file).toBe(join(place.path, '.config', 'systemd', 'user', unit));
  const verified = spawnSync('systemd-analyze', ['verify', '--user', file], { env: place.env, encoding: 'utf8' });
  expect([verified.status, verified.stderr]).toEqual([0, '']);
});

test('what a path has that means something in a unit is written so that it means itself', () => {
  const facts = {
    node: '/opt/n$ 1/node',
    program: '/p/drover.js',
    root: `/r/${NASTY}\n[Service]\u0007`,
    env: { PATH: '/a"b:%h' },
  };
  const lines = unitText(facts).split('\n');
  expect(lines).toContain(
    String.raw`ExecStart="/opt/n$ 1/node" "/p/drover.js" "daemon" "run" "/r/a b%%n$$HOME\"'\\x\n[Service]\x07"`,
  );
  expect(lines).toContain(String.raw`Environment="PATH=/a\"b:%%h"`);
  expect(lines.filter((line) => line === '[Service]')).toHaveLength(1);
  // Whatever ends the daemon leaves the agents alone.
  expect(lines).toContain('KillMode=process');
  // What ends to be started again is started again, and has not failed; what somebody ended stays so.
  expect(lines.filter((line) => /Restart=|ExitStatus/u.test(line))).toEqual([
    'Restart=on-failure',
    'RestartForceExitStatus=75',
    'SuccessExitStatus=75',
  ]);
});

test('installing writes a file and runs nothing, and uninstalling takes it away again', async () => {
  using place = stage();
  const first = await place.run('install');
  expect(first.stdout).toMatch(
    /^Wrote .*\n {2}systemctl --user daemon-reload\n.*enable --now drover-[0-9a-f]{8}\.service\n.*enable-linger\n$/u,
  );
  expect((await place.run('install')).exit).toBe(0);
  const file = /^Wrote (?<file>.*)\. Nothing/u.exec(first.stdout)!.groups!['file']!;
  expect((await place.run('install', '--print')).stdout).toBe(readFileSync(file, 'utf8'));
  expect(await place.run('uninstall')).toMatchObject({ exit: 0, stdout: expect.stringContaining('disable --now') });
  expect(existsSync(file)).toBe(false);
  expect(await place.run('uninstall')).toMatchObject({ exit: 3, stdout: '' });
  writeFileSync(file, '[Unit]\n');
  expect(await place.run('install')).toMatchObject({
    exit: 6,
    stderr: expect.stringContaining('not written by Drover'),
  });
  expect(await place.run('uninstall')).toMatchObject({ exit: 6 });
  expect(readFileSync(file, 'utf8')).toBe('[Unit]\n');
});

test('where no systemd runs one sentence says so, and what to do instead', async () => {
  using place = stage({ systemd: false });
  const { exit, stdout, stderr } = await place.run('install');
  expect([exit, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^drover: No systemd of yours runs here[^\n]*\nEvery command starts it by itself\.[^\n]*\n$/u);
  expect((await place.run('install', '--print')).stdout).toContain('ExecStart=');
  expect(existsSync(join(place.path, '.config'))).toBe(false);
});

test('the unit has the settings of who installs it, and nothing that is an agent’s', async () => {
  using place = stage();
  const env = { ...place.env, DROVER_TMUX_SOCKET: 'work', DROVER_BUDGETS_SWARM_USD: '20' };
  const agents = { DROVER_INSTANCE: 'claude-1', DROVER_TOKEN: 'a-token', DROVER_SPOOL: '/spool' };
  const { stdout } = await runMain(['daemon', 'install', '--print'], { cwd: place.root, env: { ...env, ...agents } });
  expect(stdout).toContain('Environment="DROVER_TMUX_SOCKET=work"\n');
  expect(stdout).toContain('Environment="DROVER_BUDGETS_SWARM_USD=20"\n');
  expect(stdout).not.toMatch(/claude-1|a-token|spool/u);
});
