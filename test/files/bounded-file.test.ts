import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBounded } from '../../src/files/bounded-file.ts';
import { temporaryFolder } from '../helpers/folder.ts';

test('a file is read, also behind a link, and what is missing is nothing', async () => {
  using folder = temporaryFolder('bounded');
  const file = join(folder.path, 'a');
  writeFileSync(file, 'x'.repeat(10));
  symlinkSync(file, join(folder.path, 'b'));
  expect(await readBounded(file, 10)).toEqual({ bytes: Buffer.from('xxxxxxxxxx') });
  expect(await readBounded(join(folder.path, 'b'), 10)).toEqual({ bytes: Buffer.from('xxxxxxxxxx') });
  expect(await readBounded(join(folder.path, 'c'), 10)).toEqual({});
  await expect(readBounded(join(file, 'd'), 10)).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test('pipes, devices, folders, sockets and long files are not read, and keep nobody waiting', async () => {
  using folder = temporaryFolder('bounded');
  const at = (name: string): string => join(folder.path, name);
  execFileSync('mkfifo', [at('pipe')]);
  symlinkSync('/dev/zero', at('zero'));
  mkdirSync(at('folder'));
  writeFileSync(at('long'), 'x'.repeat(1025));
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(at('socket'), resolve));
  try {
    for (const name of ['pipe', 'zero', 'folder', 'socket'])
      expect(await readBounded(at(name), 1024)).toEqual({ refused: 'is no file' });
    expect(await readBounded(at('long'), 1024)).toEqual({ refused: 'is longer than 1 KiB' });
  } finally {
    server.close();
  }
});
