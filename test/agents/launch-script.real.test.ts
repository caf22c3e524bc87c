import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { badLaunch } from '../../src/agents/errors.ts';
import { launchScript, pickedEnv } from '../../src/agents/launch-script.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const shells = [['dash'], ['bash', '--posix'], ['bash'], ['busybox', 'sh']].filter(
  ([shell]) => spawnSync('sh', ['-c', `command -v ${shell}`]).status === 0,
);
// Prints what it was given, so that bytes can be compared: arguments and environment, each ended by a NUL.
const SHOW = [
  process.execPath,
  '-e',
  'process.stdout.write(JSON.stringify([process.argv.slice(1), process.env, process.cwd()]))',
];
type Shown = [argv: string[], env: Record<string, string>, cwd: string];

const start = (
  script: string,
  { env = {}, shell = ['sh'], cwd = '/' }: { env?: Record<string, string>; shell?: readonly string[]; cwd?: string },
) => {
  using folder = temporaryFolder('launch');
  const file = join(folder.path, 'launch.sh');
  writeFileSync(file, script);
  const [program, ...args] = shell;
  return spawnSync(program!, [...args, file], { env: { PATH: process.env['PATH']!, ...env }, cwd, encoding: 'utf8' });
};
// Variables that shells make for their own use.
const withoutShells = (env: Record<string, string>) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !['_', 'PWD', 'SHLVL', 'OLDPWD'].includes(name)));

describe.each(shells)('a launch script in %s', (...shell) => {
  test('[AGT-9] gives an agent only the allowed part of the environment, in its worktree', () => {
    using worktree = temporaryFolder('launch');
    const env = {
      HOME: '/home/ü',
      LC_TIME: 'C',
      XDG_CACHE_HOME: '/c',
      GITHUB_TOKEN: 'ghp_1',
      DROVER_SECRET_KEY: 's',
      AWS_SECRET_ACCESS_KEY: 's',
      SSH_AUTH_SOCK: '/s',
      TMUX: '/t,1,0',
      TMUX_PANE: '%1',
      UID: '0',
      drover_name: 'x',
      IFS: 'a',
      MULTI: 'one\nSECRET=two\n',
      'odd.name': 'x',
      'BASH_FUNC_awk%%': '() { echo PATH; }',
      PASSED_ON: 'wanted',
    };
    const script = launchScript({ argv: [...SHOW, 'a'], env: { DROVER_INSTANCE: 'a-1' }, keep: ['PASSED_*'] });
    const result = start(script, { env, shell, cwd: worktree.path });
    expect(result.stderr).toBe('');
    const [argv, seen, cwd] = JSON.parse(result.stdout) as Shown;
    expect({ argv, cwd, env: withoutShells(seen) }).toEqual({
      argv: ['a'],
      cwd: worktree.path,
      env: {
        PATH: process.env['PATH'],
        HOME: '/home/ü',
        LC_TIME: 'C',
        XDG_CACHE_HOME: '/c',
        PASSED_ON: 'wanted',
        DROVER_INSTANCE: 'a-1',
      },
    });
  });

  test('[AGT-9] an agent sees GITHUB_TOKEN when that is allowed', () => {
    const script = launchScript({ argv: SHOW, env: {}, keep: ['GITHUB_TOKEN'] });
    const [, env] = JSON.parse(start(script, { env: { GITHUB_TOKEN: 'ghp_1' }, shell }).stdout) as Shown;
    expect(env['GITHUB_TOKEN']).toBe('ghp_1');
  });

  test('hostile values and arguments arrive byte for byte', () => {
    const unit = fc.constantFrom(
      "'",
      '"',
      '\\',
      '$(id)',
      '`id`',
      '\n',
      '\t',
      ' ',
      '*',
      '-',
      '%s',
      '!',
      'ü',
      '界',
      '\u001B',
    );
    const hostile = fc.string({ unit, maxLength: 12 });
    fc.assert(
      fc.property(hostile, fc.array(hostile, { maxLength: 4 }), (value, args) => {
        const script = launchScript({ argv: [...SHOW, '--', ...args], env: { DROVER_X: value }, keep: [] });
        const [argv, env] = JSON.parse(start(script, { shell }).stdout) as Shown;
        expect([argv, env['DROVER_X']]).toEqual([args, value]);
      }),
      { numRuns: 12 },
    );
  });

  test('a program stands behind others by its own measure, and by that of its terminal', () => {
    const argv = ['sh', '-c', 'nice; cat /proc/self/autogroup 2>/dev/null || echo none'];
    const run = (nice: number) => {
      // In a session of its own, as each terminal has one: of this one nothing may change.
      const { stderr, stdout } = start(launchScript({ argv, env: {}, keep: [], nice }), {
        shell: ['setsid', ...shell],
      });
      expect(stderr).toBe('');
      const [own, group] = stdout.split('\n');
      return { own: Number(own), group: group!.split(' ').at(-1)! };
    };
    const before = run(0);
    const after = run(7);
    expect(after.own).toBe(Math.min(19, before.own + 7));
    expect(after.group).toBe(before.group === 'none' ? 'none' : '7');
  });

  test('a program that does not exist ends with 127 and says so', () => {
    const result = start(launchScript({ argv: ['no-such-%s-agent', 'x'], env: {}, keep: [] }), { shell });
    expect([result.status, result.stdout]).toEqual([
      127,
      'drover: "no-such-%s-agent" is not installed or not in PATH\n',
    ]);
  });
});

test('[SEC-9] a program that is shut in has its own interrupts, and what shuts it in has none', () => {
  const told =
    "process.on('SIGINT', () => { console.log('heard'); process.exit(7); }); process.kill(process.ppid, 'SIGINT'); process.kill(process.pid, 'SIGINT')";
  const wall = ['sh', '-c', '"$@"; echo "ended with $?"', 'wall'];
  const script = launchScript({
    argv: [process.execPath, '-e', `${told}; setTimeout(() => {}, 5000)`],
    env: {},
    keep: [],
    wall,
  });
  const result = start(script, {});
  expect([result.stdout, result.status]).toEqual(['heard\nended with 7\n', 0]);
});

test('nothing is started when the environment cannot be listed', () => {
  using folder = temporaryFolder('launch');
  const result = start(launchScript({ argv: ['/bin/echo', 'started'], env: {}, keep: [] }), {
    env: { PATH: folder.path },
    shell: ['/bin/sh'],
  });
  expect([result.status, result.stdout]).toEqual([126, expect.stringContaining('awk is missing')]);
});

test.each([
  ['a command that is empty', { argv: [], env: {}, keep: [] }],
  ['a NUL in an argument', { argv: ['a', 'b\0c'], env: {}, keep: [] }],
  ['a NUL in a value', { argv: ['a'], env: { A: '\0' }, keep: [] }],
  ['a variable that is no name', { argv: ['a'], env: { 'A;id': 'x' }, keep: [] }],
  ['a pattern that is no name', { argv: ['a'], env: {}, keep: ['*) id;; x'] }],
])('%s is refused', (_name, launch) => {
  expect(() => launchScript(launch)).toThrow(expect.objectContaining({ code: badLaunch.code, exit: 2 }));
});

test('the variables that patterns name are picked from an environment', () => {
  const env = { A: '1', AB: '2', B: '3', C: undefined, 'A.B': '4' };
  expect(pickedEnv(env, ['A*', 'C'])).toEqual({ A: '1', AB: '2' });
});
