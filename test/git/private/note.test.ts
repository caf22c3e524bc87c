import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeWhole } from '../../../src/git/private/note.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

test('a file that many replace at once is that of the last, whole, and leaves nothing beside it', async () => {
  using folder = temporaryFolder('note');
  const path = join(folder.path, 'note');
  const texts = Array.from({ length: 20 }, (_, n) => `text ${n}\n`);
  await Promise.all(texts.map((text) => writeWhole(path, text)));
  expect(readFileSync(path, 'utf8')).toBe(texts.at(-1));
  expect(readdirSync(folder.path)).toEqual(['note']);
});
