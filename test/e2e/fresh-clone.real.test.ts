import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { BIN } from './terminal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const environment = (home: string): Record<string, string> => ({
  PATH: (process.env['PATH'] ?? '')
    .split(':')
    // As a person's shell has it: npm itself puts the folder of the clone's programs first.
    .filter((folder) => !folder.includes('node_modules'))
    .join(':'),
  HOME: home,
  LANG: 'C.UTF-8',
  TMPDIR: home,
});

/** A clone of this working tree as it stands, with what is not committed yet. */
const freshClone = (folder: string, env: Record<string, string>): string => {
  const clone = join(folder, 'clone');
  const git = (cwd: string, ...args: readonly string[]) => execFileSync('git', args, { cwd, env, encoding: 'utf8' });
  const files = git(root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0');
  for (const file of files.filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, 'origin', file)), { recursive: true });
    cpSync(join(root, file), join(folder, 'origin', file));
  }
  const origin = join(folder, 'origin');
  git(origin, 'init', '-q', '-b', 'main');
  git(origin, 'add', '-A');
  git(origin, '-c', 'user.name=A', '-c', 'user.email=a@b.c', 'commit', '-q', '-m', 'all');
  git(folder, 'clone', '-q', origin, clone);
  // `npm ci` would fetch for minutes, and what it installs is what lies here already, by the same lock file.
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  return clone;
};

test('[QUA-1] in a fresh clone "npm run demo" builds, runs the whole job and ends with 0', () => {
  using folder = temporaryFolder('clone');
  const env = environment(folder.path);
  const clone = freshClone(folder.path, env);
  expect(existsSync(join(clone, 'dist'))).toBe(false);
  // A terminal is what stdin must not be.
  const demo = spawnSync('npm', ['run', 'demo', '--', '--task-ms', '50..100'], {
    cwd: clone,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect([demo.status, demo.stdout]).toEqual([
    0,
    expect.stringMatching(/(\d+) of \1 open tasks done and verified, 0 failed/),
  ]);
  expect(demo.stdout).toMatch(/batch-1: \d+ branches merged into drover\/integration/);
});

test('npm scripts run on the Node that the clone brings along', () => {
  const env = environment(root);
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: { node: string } };
  const version = execFileSync('npm', ['exec', '--', 'node', '--version'], { cwd: root, env, encoding: 'utf8' });
  expect(version.trim()).toBe(`v${own.devDependencies.node}`);
});

test.each([
  ['22.12.0', 1],
  ['20.11.1', 1],
  ['22.13.0', 0],
  ['24.0.0', 0],
])('Node %s ends with %i', (node, exit) => {
  using folder = temporaryFolder('node');
  const preload = join(folder.path, 'pretend.cjs');
  writeFileSync(preload, `Object.defineProperty(process.versions, 'node', { value: '${node}' });`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', preload, BIN, '--version'], {
    cwd: folder.path,
    env: environment(folder.path),
    encoding: 'utf8',
  });
  const lines = stderr.split('\n').filter((line) => line !== '');
  expect([status, lines.length]).toEqual([exit, exit === 0 ? 0 : 2]);
  if (exit === 0) expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  else expect(lines[0]).toBe(`drover: Node ${node} is too old, Drover needs 22.13 or newer.`);
});

test('started as a person does, through a link, the program bounds what it lets lie, and hands on words and exit code', () => {
  using folder = temporaryFolder('linked');
  const preload = join(folder.path, 'tell.cjs');
  writeFileSync(preload, "console.log(process.execArgv.join(' '), JSON.stringify(process.argv.slice(2)))");
  const linked = join(folder.path, 'my drover');
  symlinkSync(BIN, linked);
  const words = ['explain', "it's $(no) `shell`\n*", '--json'];
  const env = { ...environment(folder.path), PATH: process.env['PATH'] ?? '', NODE_OPTIONS: `-r ${preload}` };
  const { status, stdout } = spawnSync(linked, words, { cwd: folder.path, env, encoding: 'utf8' });
  expect([status, stdout.split('\n')[0]]).toEqual([
    2,
    `--max-semi-space-size=8 --max-old-space-size=1024 ${JSON.stringify(words)}`,
  ]);
});
