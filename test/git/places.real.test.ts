import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolderIn } from '../../src/git/places.ts';
import { temporaryFolder } from '../helpers/folder.ts';

test('a folder is made in one that is there, with those between, and in one that is gone nothing is', async () => {
  using folder = temporaryFolder('places');
  const base = join(folder.path, 'base');
  mkdirSync(base);
  for (const _ of [1, 2]) await makeFolderIn(base, join(base, 'a', 'b'));
  expect(existsSync(join(base, 'a', 'b'))).toBe(true);
  const gone = join(folder.path, 'gone');
  await expect(makeFolderIn(gone, join(gone, 'a'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(existsSync(gone)).toBe(false);
});
