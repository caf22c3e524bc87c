import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSpoolFile } from '../../src/agents/spool-message.ts';
import { fileOf, writeInside } from '../../src/rehearsal/files.ts';
import { runProgram } from '../../src/rehearsal/run.ts';
import { spoolTo } from '../../src/rehearsal/spool.ts';
import { temporaryFolder } from '../helpers/folder.ts';

test('the file of a task is its own and stays where it belongs', () => {
  expect(['3.1', 't4', '../../x y'].map((id) => fileOf(id, '.md'))).toEqual([
    'rehearsal/3.1.md',
    'rehearsal/t4.md',
    'rehearsal/-..-x-y.md',
  ]);
});

test('a file is added to or replaced, with the folders it needs', async () => {
  using folder = temporaryFolder('files');
  expect(await writeInside(folder.path, 'a/b/c.md', 'one\n')).toBe('a/b/c.md');
  await writeInside(folder.path, join(folder.path, 'a/b/c.md'), 'two\n');
  expect(readFileSync(join(folder.path, 'a/b/c.md'), 'utf8')).toBe('one\ntwo\n');
  await writeInside(folder.path, 'a/b/c.md', 'three\n', 'replace');
  expect(readFileSync(join(folder.path, 'a/b/c.md'), 'utf8')).toBe('three\n');
});

test.each(['../out.md', '/etc/drover-x', '.git/hooks/pre-commit', 'sub/.git/config', '.', 'link/x', ''])(
  'nothing is written to %j',
  async (path) => {
    using folder = temporaryFolder('files');
    using other = temporaryFolder('files');
    symlinkSync(other.path, join(folder.path, 'link'));
    mkdirSync(join(folder.path, '.git'));
    expect(await writeInside(folder.path, path, 'x')).toBeUndefined();
    expect([readdirSync(folder.path), readdirSync(other.path)]).toEqual([['.git', 'link'], []]);
  },
);

test('messages lie in the spool as a hook would leave them, in order', () => {
  using folder = temporaryFolder('spool');
  const env = { DROVER_SPOOL: folder.path, DROVER_INSTANCE: 'r-1', DROVER_TOKEN: 'tok' };
  const tell = spoolTo(env, { session_id: 's' });
  tell('SessionStart', { source: 'startup' });
  tell('Stop');
  const names = readdirSync(folder.path).toSorted();
  expect(names).toEqual([1, 2].map((n) => `r-1-${process.pid}-00000${n}.json`));
  expect(names.map((name) => parseSpoolFile(readFileSync(join(folder.path, name), 'utf8')))).toEqual(
    [
      { hook_event_name: 'SessionStart', session_id: 's', source: 'startup' },
      { hook_event_name: 'Stop', session_id: 's' },
    ].map((body) => ({ instance: 'r-1', source: 'hook', token: 'tok', body })),
  );
});

test('without a usable spool nothing is said and nothing fails', () => {
  using folder = temporaryFolder('spool');
  const env = { DROVER_SPOOL: folder.path, DROVER_INSTANCE: 'r-1' };
  for (const wrong of [{}, { ...env, DROVER_INSTANCE: '../r' }, { ...env, DROVER_TOKEN: 'a b' }])
    spoolTo(wrong, {})('Stop');
  expect(readdirSync(folder.path)).toEqual([]);
  const tell = spoolTo(env, {});
  rmSync(folder.path, { recursive: true });
  expect(() => tell('Stop')).not.toThrow();
});

test('a program gives its exit code and its last lines', async () => {
  const place = { cwd: '/', env: process.env, signal: new AbortController().signal };
  const script = 'seq 1 9; printf "\\033[31mred\\033[0m\\n" >&2; exit 3';
  expect(await runProgram(['sh', '-c', script], place)).toEqual({ code: 3, tail: ['6', '7', '8', '9', 'red'] });
  expect(await runProgram(['no-such-program'], place)).toEqual({
    code: null,
    tail: [expect.stringContaining('no-such-program')],
  });
});

test.each([
  ['ends', 'sleep 300 & wait'],
  ['is ended, even if it does not listen,', "trap '' TERM; sleep 300 & wait; sleep 300"],
])('a program that is given up %s with all that it started', async (_name, script) => {
  const stop = new AbortController();
  const place = { cwd: '/', env: process.env, signal: stop.signal };
  const ran = runProgram(['sh', '-c', script], place);
  stop.abort();
  expect((await ran).code).toBeNull();
  await expect(runProgram(['true'], place)).rejects.toThrow(/abort/);
});

test('a program that ends while it is given up is no error', async () => {
  const stop = new AbortController();
  const ran = runProgram(['no-such-program'], { cwd: '/', env: process.env, signal: stop.signal });
  stop.abort();
  expect((await ran).code).toBeNull();
});
