import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openVersions } from '../../../src/daemon/config/versions.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const AT = '2026-01-01T00:00:00.000Z';

const open = () => {
  const folder = temporaryFolder('versions');
  onTestFinished(() => folder[Symbol.dispose]());
  const file = join(folder.path, 'config.json');
  const versions = openVersions(join(folder.path, 'kept'), file, () => AT);
  const write = (content: string | Uint8Array, change = 'set') =>
    versions.keep({ by: 'ada', change }, async () => writeFileSync(file, content));
  return { file, folder: join(folder.path, 'kept'), versions, write };
};

test('[CFG-2] every change is a version, and so is what somebody else made of the file in between, byte for byte', async () => {
  const { file, versions, write } = open();
  await write('{}');
  const odd = Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x0d, 0x0a, 0xff, 0x7d);
  writeFileSync(file, odd);
  await write('{ "agent": "kiro" }', 'set agent');
  expect((await versions.list()).map(({ version, by, change }) => [version, by, change])).toEqual([
    [1, null, 'there was no file'],
    [2, 'ada', 'set'],
    [3, null, expect.stringContaining('as it was found')],
    [4, 'ada', 'set agent'],
  ]);
  expect(await versions.contentOf(1)).toBeNull();
  expect([...(await versions.contentOf(3))!]).toEqual([...odd]);
  expect((await versions.contentOf(4))!.equals(readFileSync(file))).toBe(true);
  expect(await versions.contentOf(5)).toBeUndefined();
  expect(await versions.isNewest()).toBe(true);
  rmSync(file);
  expect(await versions.isNewest()).toBe(false);
});

test('what changes nothing is no version, and a damaged one is left out', async () => {
  const { folder, versions, write } = open();
  await write('{}');
  await write('{}');
  expect(await versions.list()).toHaveLength(2);
  writeFileSync(join(folder, '000001.json'), '{ "version": 7 }');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  mkdirSync(join(folder, '000009.json'));
  expect((await versions.list()).map(({ version }) => version)).toEqual([2]);
  await write('{ }');
  expect((await versions.list()).at(-1)!.version).toBe(11);
});

test('the oldest versions go when there are very many', async () => {
  const { versions, write } = open();
  for (let i = 0; i < 210; i += 1) await write(`{ "tmux": { "cols": ${i + 20} } }`);
  const all = await versions.list();
  expect([all.length, all[0]!.version, all.at(-1)!.version]).toEqual([200, 12, 211]);
});
