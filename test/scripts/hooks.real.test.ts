import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';

/** A repository whose quick check ends with the code that is written into the file `code`. */
const place = (path: string) => {
  const run = (file: string, ...args: readonly string[]) =>
    spawnSync(file, args, { cwd: path, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: path } });
  run('git', 'init', '-q');
  writeFileSync(join(path, 'package.json'), JSON.stringify({ scripts: { 'check:quick': 'exit "$(cat code)"' } }));
  const quickCheckEndsWith = (code: number) => writeFileSync(join(path, 'code'), String(code));
  quickCheckEndsWith(0);
  return {
    quickCheckEndsWith,
    hooks: (...args: readonly string[]) => run(process.execPath, resolve('scripts/hooks.mjs'), ...args),
    commit: () =>
      run('git', '-c', 'user.name=A', '-c', 'user.email=a@b.c', 'commit', '-q', '--allow-empty', '-m', 'a').status,
    hook: join(path, '.git/hooks/pre-commit'),
  };
};

test('[QUA-1] the hook that people may install lets only commits through that pass the quick check', () => {
  using folder = temporaryFolder('hooks');
  const { hooks, commit, quickCheckEndsWith, hook } = place(folder.path);
  expect(hooks()).toMatchObject({ status: 0, stdout: expect.stringContaining(hook) });
  expect(commit()).toBe(0);
  quickCheckEndsWith(1);
  expect(commit()).toBe(1);
  expect(hooks().status).toBe(0);
  expect(hooks('--remove').status).toBe(0);
  expect([existsSync(hook), commit()]).toEqual([false, 0]);
});

test('a hook of somebody else is left alone', () => {
  using folder = temporaryFolder('hooks');
  const { hooks, hook } = place(folder.path);
  writeFileSync(hook, '#!/bin/sh\nexit 0\n');
  chmodSync(hook, 0o755);
  for (const args of [[], ['--remove']])
    expect(hooks(...args)).toMatchObject({ status: 6, stderr: expect.stringContaining("somebody else's") });
  expect(readFileSync(hook, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
});
