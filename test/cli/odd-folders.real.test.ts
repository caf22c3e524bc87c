import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { openSwarm } from '../helpers/swarm.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/drover.js', import.meta.url));

/** A folder for repositories, where commands of a shell are run. */
const place = () => {
  const folder = temporaryFolder('odd');
  onTestFinished(() => folder[Symbol.dispose]());
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder.path, XDG_DATA_HOME: join(folder.path, 'data') };
  const shell = (script: string) =>
    spawnSync('sh', ['-c', script, 'sh', process.execPath, PROGRAM], { cwd: folder.path, env, encoding: 'utf8' });
  return { path: folder.path, shell };
};

test.each([
  ['no UTF-8', String.raw`$(printf 'a\377b')`, 'is not written in UTF-8 where'],
  ['no UTF-8 above it', String.raw`$(printf 'a\377b')/inside`, 'is not written in UTF-8 where'],
  ['a line feed', String.raw`$(printf 'a\nb')`, 'has a line feed or another control character in it'],
  [
    'more bytes than a lock takes',
    `${'d'.repeat(200)}/${'d'.repeat(200)}/${'d'.repeat(100)}`,
    'bytes, and Drover works in no',
  ],
])('a repository with %s in its path is refused in one sentence before anything is written', (_what, name, why) => {
  const { shell, path } = place();
  expect(shell(`mkdir -p "${name}" && cd "${name}" && git init -q`).stderr).toBe('');
  for (const words of ['init', "do 'launch 1 instance'", 'status', 'up']) {
    const { status, stdout, stderr } = shell(`cd "${name}" && "$1" "$2" ${words}`);
    expect([words, status, stdout, stderr]).toEqual([words, 2, '', expect.stringContaining(why)]);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  }
  expect(shell(`cd "${name}" && ls -A; ls -A .git`).stdout).not.toContain('drover');
  expect(existsSync(join(path, 'data'))).toBe(false);
});

test('a repository whose name is read as that of another one is not taken for it', () => {
  const { shell, path } = place();
  mkdirSync(join(path, 'a\uFFFDb'));
  const { status, stderr } = shell(
    String.raw`git init -q "$(printf 'a\377b')"; cd "$(printf 'a\357\277\275b')" && git init -q && git -c user.name=A -c user.email=a@b.c commit -q --allow-empty -m first; cd "../$(printf 'a\377b')" && "$1" "$2" init`,
  );
  expect([status, stderr]).toEqual([2, expect.stringContaining('is not written in UTF-8 where')]);
  expect(readdirSync(join(path, 'a\uFFFDb'))).toEqual(['.git']);
  // Its own name may have the sign that others are read with.
  expect(shell(String.raw`cd "$(printf 'a\357\277\275b')" && "$1" "$2" init`)).toMatchObject({ status: 0, stderr: '' });
});

test.each([
  [
    'signs of shells and of tmux in its name',
    'it\'s "q" `touch pwned` $(touch pwned) #{session_name}#(touch pwned) %H\\;',
  ],
  ['200 characters in its name', 'x'.repeat(200)],
  ['a long path above it', `${'d'.repeat(200)}/${'e'.repeat(200)}/r`],
  ['as many bytes in its name as there may be', '界'.repeat(85)],
])('a repository with %s does all its work', async (_what, name) => {
  await using swarm = await openSwarm({ name });
  expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 0 });
  await swarm.say('create task "Say hello"');
  expect(await swarm.say('run task t1 wait=true')).toMatchObject({ exit: 0 });
  expect(await swarm.say('merge completed branches to=main')).toMatchObject({ exit: 0 });
  expect(swarm.git('log', '--format=%s', 'main')).toContain('Say hello');
  expect(await swarm.say('stop swarm')).toMatchObject({ exit: 0 });
  expect(swarm.tmux('list-sessions')).toBe('');
  expect(execFileSync('find', [join(swarm.root, '..'), '-name', 'pwned'], { encoding: 'utf8' })).toBe('');
});
