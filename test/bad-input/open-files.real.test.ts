import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { shipped, testRepository } from '../helpers/swarm.ts';
import type { Ran } from './program.ts';

/** So few files are enough for Node itself to come up, and for nothing that Drover has to open. */
const FEW = 24;

/** Runs a Node program of the package that may open few files at a time. */
const withFewFiles = (
  argv: readonly string[],
  { root, env }: { readonly root: string; readonly env: Readonly<Record<string, string>> },
  limit = FEW,
): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(
      'sh',
      ['-c', `ulimit -n ${limit}; exec "$@"`, 'sh', process.execPath, ...argv],
      { cwd: root, env, timeout: 100_000 },
      (error, stdout, stderr) => resolve({ exit: error ? (error.code ?? error.signal ?? null) : 0, stdout, stderr }),
    );
  });

const RAISE = 'Raise the limit of open files (ulimit -n), then try again.';

test('a command that may open too few files to start the daemon says so in one sentence, and how to mend it', async () => {
  using repository = testRepository();
  const { exit, stdout, stderr } = await withFewFiles([shipped.cli, 'create', 'task', 'Abc'], repository);
  expect([exit, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^drover: .*too many files are open.*\.\n.+\n$/u);
  expect(stderr.endsWith(`${RAISE}\n`)).toBe(true);
  expect(existsSync(repository.paths.socket)).toBe(false);
});

test.each([FEW, 30, 40, 48])(
  'a daemon that may open too few files (%d) says so in one line of its log, and ends',
  async (limit) => {
    using repository = testRepository();
    const { paths, root } = repository;
    mkdirSync(dirname(paths.socket), { recursive: true });
    const born = JSON.stringify({ paths, version: '0.0.0' });
    const { exit, stderr } = await withFewFiles(
      [`${dirname(shipped.cli)}/../dist/daemon/main.js`, root, born],
      repository,
      limit,
    );
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^\S+Z the daemon cannot start: too many files are open \([^\n]*\)\. Raise [^\n]*\n$/u);
    expect(stderr.endsWith(`${RAISE}\n`)).toBe(true);
    expect(existsSync(paths.socket)).toBe(false);
  },
);

test('what opens nothing works all the same', async () => {
  using repository = testRepository();
  expect(await withFewFiles([shipped.cli, 'parse', 'status'], repository)).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('status swarm'),
  });
});
