import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isWhole, parseSpoolFile } from '../../src/agents/spool-message.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const HOOK = resolve('assets/hook.sh');
const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['sh']].filter(
  ([shell]) => spawnSync('sh', ['-c', `command -v ${shell}`]).status === 0,
);

const run = (input: string, env: Record<string, string>, [shell, ...args]: readonly string[] = ['sh']) =>
  spawnSync(shell!, [...args, HOOK], { input, env: { PATH: process.env['PATH']!, ...env }, encoding: 'utf8' });
const silent = { status: 0, stdout: '', stderr: '' };
const messages = (spool: string) =>
  readdirSync(spool).map((name) => [name, parseSpoolFile(readFileSync(join(spool, name), 'utf8'))] as const);

describe.each(shells)('hook.sh in %s', (...shell) => {
  test('leaves the message of a hook in the spool, readable by its owner only, and prints nothing', () => {
    using folder = temporaryFolder('hook');
    const body = '{"hook_event_name":"Stop","last_assistant_message":"it\'s \\"done\\" $(id) %s \\\\n ü"}';
    const env = { DROVER_SPOOL: folder.path, DROVER_INSTANCE: 'claude-1', DROVER_TOKEN: 'se-cret.1' };
    expect(run(body, env, shell)).toMatchObject(silent);
    const [[name, message] = ['']] = messages(folder.path);
    expect(name).toMatch(/^claude-1-\d+-0\.hook$/);
    expect(statSync(join(folder.path, name)).mode & 0o777).toBe(0o600);
    expect(message).toEqual({ instance: 'claude-1', source: 'hook', token: 'se-cret.1', body: JSON.parse(body) });
  });

  test.each([
    ['an instance that is no name', { DROVER_INSTANCE: '../x' }],
    ['an instance with a quote', { DROVER_INSTANCE: 'a"b' }],
    ['a token with a line feed', { DROVER_TOKEN: 'a\nb' }],
    ['no instance', { DROVER_INSTANCE: '' }],
    ['a folder that is not there', { DROVER_SPOOL: '/nowhere/at/all' }],
  ])('keeps nothing and stays silent with %s', (_name, wrong) => {
    using folder = temporaryFolder('hook');
    const env = { DROVER_SPOOL: folder.path, DROVER_INSTANCE: 'a-1', DROVER_TOKEN: 't', ...wrong };
    expect(run('{}', env, shell)).toMatchObject(silent);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

test('hook.sh works without any of its variables', () => {
  expect(run('{}', {})).toMatchObject(silent);
});

test('hook.sh does not fill the disk when nobody takes its messages, and keeps the newest of each instance', () => {
  using folder = temporaryFolder('hook');
  for (let n = 100; n < 300; n += 1) writeFileSync(join(folder.path, `a-1-${n}-0.hook`), '');
  const say = (instance: string, n: number) =>
    run(`{"n":${n}}`, { DROVER_SPOOL: folder.path, DROVER_INSTANCE: instance });
  for (const n of [1, 2]) expect(say('a-1', n)).toMatchObject(silent);
  expect(say('b-1', 3)).toMatchObject(silent);
  expect(readdirSync(folder.path)).toHaveLength(201);
  const bodies = messages(folder.path).flatMap(([, message]) => (message ? [message.body] : []));
  expect(bodies).toEqual([{ n: 2 }, { n: 3 }]);
});

test('hook.sh takes all of an endless body and keeps the beginning of it', () => {
  using folder = temporaryFolder('hook');
  const body = JSON.stringify({ hook_event_name: 'PostToolUse', tool_name: 'Bash', out: 'x'.repeat(3_000_000) });
  expect(run(body, { DROVER_SPOOL: folder.path, DROVER_INSTANCE: 'a-1' })).toMatchObject(silent);
  const [[name, message] = ['']] = messages(folder.path);
  expect(statSync(join(folder.path, name)).size).toBeLessThan(1_100_000);
  expect(message?.body).toMatchObject({ hook_event_name: 'PostToolUse', tool_name: 'Bash' });
});

test('hook.sh leaves nothing behind when it cannot write, and still takes all that it is given', () => {
  using folder = temporaryFolder('hook');
  const shell = ['sh', '-c', 'ulimit -f 0; exec sh "$0"'];
  const env = { DROVER_SPOOL: folder.path, DROVER_INSTANCE: 'a-1' };
  expect(run('x'.repeat(1_000_000), env, shell)).toMatchObject(silent);
  expect(readdirSync(folder.path)).toEqual([]);
});

test('many hooks at once lose no message', () => {
  using folder = temporaryFolder('hook');
  const script = 'i=0; while [ $i -lt 25 ]; do printf \'{"n":%d}\' $i | sh "$1" & i=$((i+1)); done; wait';
  execFileSync('sh', ['-c', script, 'sh', HOOK], {
    env: { PATH: process.env['PATH'], DROVER_SPOOL: folder.path, DROVER_INSTANCE: 'a-1' },
  });
  expect(readdirSync(folder.path).every((name) => isWhole(readFileSync(join(folder.path, name), 'utf8')))).toBe(true);
  const numbers = messages(folder.path).map(([, message]) => (message?.body as { n: number } | undefined)?.n ?? -1);
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, n) => n));
});

test('hook.sh may be executed', () => {
  expect(existsSync(HOOK) && statSync(HOOK).mode & 0o111).toBe(0o111);
});
