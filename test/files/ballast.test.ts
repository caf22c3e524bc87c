import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBallast } from '../../src/files/ballast.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const SIZE = 8 * 1024 * 1024;
const HOUR = 3_600_000;

const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size;

test('room is taken once, and given back once', async () => {
  using folder = temporaryFolder('ballast');
  const path = join(folder.path, 'ballast');
  const ballast = openBallast(path);
  expect(await ballast.giveBack()).toBe(false);
  await ballast.keep();
  const { ino } = statSync(path);
  await ballast.keep();
  expect([sizeOf(path), statSync(path).ino]).toEqual([SIZE, ino]);
  expect(await ballast.giveBackIfFull()).toBe(false);
  expect([await ballast.giveBack(), sizeOf(path), await ballast.giveBack()]).toEqual([true, undefined, false]);
});

test('room that is asked for while it is taken is there when that is answered', async () => {
  using folder = temporaryFolder('ballast');
  const path = join(folder.path, 'ballast');
  const ballast = openBallast(path);
  const keeping = [ballast.keep(), ballast.keep()];
  await Promise.resolve();
  const given = ballast.giveBack();
  await Promise.all([...keeping, given]);
  expect(sizeOf(path)).toBeUndefined();
  await ballast.keep();
  expect(sizeOf(path)).toBe(SIZE);
});

test('where it cannot be taken it is left alone for an hour', async () => {
  using folder = temporaryFolder('ballast');
  const path = join(folder.path, 'missing', 'ballast');
  let now = 5;
  const ballast = openBallast(path, () => now);
  await ballast.keep();
  mkdirSync(join(folder.path, 'missing'));
  now += HOUR - 1;
  await ballast.keep();
  expect(sizeOf(path)).toBeUndefined();
  now += 1;
  await ballast.keep();
  expect(sizeOf(path)).toBe(SIZE);
});

test('what lies in its place is not written through, and hinders nobody', async () => {
  using folder = temporaryFolder('ballast');
  const [mine, path] = ['mine', 'ballast'].map((name) => join(folder.path, name)) as [string, string];
  writeFileSync(mine, 'my own');
  symlinkSync(mine, path);
  const ballast = openBallast(path);
  await ballast.keep();
  expect([readFileSync(mine, 'utf8'), sizeOf(path)]).toEqual(['my own', SIZE]);
  const odd = join(folder.path, 'odd');
  mkdirSync(odd);
  writeFileSync(join(odd, 'file'), '');
  const blocked = openBallast(odd);
  await blocked.keep();
  expect([await blocked.giveBack(), readFileSync(join(odd, 'file'), 'utf8')]).toEqual([false, '']);
});
