import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isTranscript, makeLineReader } from '../../../src/daemon/watch/usage-files.ts';
import { localFiles } from '../../../src/files/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

test('whole lines are given once, and half a line when it has become whole', async () => {
  using folder = temporaryFolder('lines');
  const file = join(folder.path, 'a.jsonl');
  const { read } = makeLineReader(localFiles);
  expect(await read(file)).toEqual({ lines: [], anew: false, more: false });
  writeFileSync(file, 'one\n\ntw');
  expect((await read(file)).lines).toEqual(['one']);
  expect((await read(file)).lines).toEqual([]);
  // The half of a character is kept as well.
  appendFileSync(file, Buffer.from('ö').subarray(0, 1));
  expect((await read(file)).lines).toEqual([]);
  appendFileSync(file, Buffer.concat([Buffer.from('ö').subarray(1), Buffer.from('\nthree\n')]));
  expect((await read(file)).lines).toEqual(['twö', 'three']);
});

test('another file in its place, or a shorter one, is read from its beginning', async () => {
  using folder = temporaryFolder('lines');
  const file = join(folder.path, 'a.jsonl');
  const reader = makeLineReader(localFiles);
  writeFileSync(file, 'one\ntwo\n');
  await reader.read(file);
  writeFileSync(`${file}.new`, 'one\ntwo\nthree\n');
  renameSync(`${file}.new`, file);
  expect(await reader.read(file)).toMatchObject({ lines: ['one', 'two', 'three'], anew: true });
  truncateSync(file, 4);
  expect(await reader.read(file)).toMatchObject({ lines: ['one'], anew: true });
  truncateSync(file, 0);
  expect(await reader.read(file)).toMatchObject({ lines: [], anew: true });
  appendFileSync(file, 'four\n');
  reader.forget(file);
  expect(await reader.read(file)).toMatchObject({ lines: ['four'], anew: false });
  rmSync(file);
  expect((await reader.read(file)).lines).toEqual([]);
});

test('a long file comes in pieces, and a line that no number is in is left out', async () => {
  using folder = temporaryFolder('lines');
  const file = join(folder.path, 'a.jsonl');
  const reader = makeLineReader(localFiles);
  writeFileSync(file, `before\n${'x'.repeat(21 * 1024 * 1024)}\nafter\n`);
  const lines: string[] = [];
  for (let more = true; more; ) {
    const news = await reader.read(file);
    lines.push(...news.lines);
    more = news.more;
  }
  expect(lines).toEqual(['before', 'after']);
});

test('a folder or device is not read', async () => {
  using folder = temporaryFolder('lines');
  const reader = makeLineReader(localFiles);
  expect((await reader.read(folder.path)).lines).toEqual([]);
  expect((await reader.read('/dev/zero')).lines).toEqual([]);
});

test('only what is called like a transcript is taken for one', () => {
  expect(['/a/b.jsonl', '/etc/passwd', 'b.jsonl', '/b.jsonl', 7].map(isTranscript)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
