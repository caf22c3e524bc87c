import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makeTextReader } from '../../../src/daemon/config/text-reader.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

/** A file of settings, a reader of it, and how often it was read; `rest` lets the last change lie long enough ago. */
const openStage = () => {
  const folder = temporaryFolder('settings');
  const file = join(folder.path, 'config.json');
  const seen = { reads: 0 };
  const read = makeTextReader(async (path) => {
    seen.reads += 1;
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  });
  vi.useFakeTimers({ toFake: ['Date'] });
  return {
    ...{ file, seen },
    read: () => read(file),
    rest: () => vi.setSystemTime(statSync(file).ctimeMs + 60_000),
    [Symbol.dispose]: () => {
      vi.useRealTimers();
      folder[Symbol.dispose]();
    },
  };
};

test('a file of settings that is as it was is not read again, and one that changed a moment ago is', async () => {
  using stage = openStage();
  writeFileSync(stage.file, 'one');
  vi.setSystemTime(statSync(stage.file).ctimeMs);
  expect([await stage.read(), await stage.read(), stage.seen.reads]).toEqual(['one', 'one', 2]);
  stage.rest();
  expect([await stage.read(), await stage.read(), stage.seen.reads]).toEqual(['one', 'one', 3]);
});

test('whatever is changed at a file is read: another text of the same length and time, another file, none', async () => {
  using stage = openStage();
  writeFileSync(stage.file, 'one');
  stage.rest();
  expect(await stage.read()).toBe('one');
  const { atime, mtime } = statSync(stage.file);
  writeFileSync(stage.file, 'two');
  utimesSync(stage.file, atime, mtime);
  stage.rest();
  expect(await stage.read()).toBe('two');
  writeFileSync(`${stage.file}.new`, 'six');
  chmodSync(`${stage.file}.new`, 0o600);
  renameSync(`${stage.file}.new`, stage.file);
  stage.rest();
  expect(await stage.read()).toBe('six');
  rmSync(stage.file);
  expect([await stage.read(), await stage.read()]).toEqual([undefined, undefined]);
});
