import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textOf } from '../../src/git/places.ts';
import { temporaryFolder } from '../helpers/folder.ts';

test('[SEC-9] of what agents can write only a plain file of few bytes is read, and nothing is waited for', async () => {
  using folder = temporaryFolder('small-file');
  const at = (name: string): string => join(folder.path, name);
  writeFileSync(at('plain'), 'ä line\n');
  writeFileSync(at('long'), 'x'.repeat(11));
  symlinkSync(at('plain'), at('link'));
  symlinkSync('/dev/zero', at('endless'));
  execFileSync('mkfifo', [at('pipe')]);
  mkdirSync(at('folder'));
  expect(await textOf(at('plain'), 10)).toBe('ä line');
  for (const name of ['long', 'link', 'endless', 'pipe', 'folder', 'none', 'plain/none'])
    expect(await textOf(at(name), 10), name).toBeUndefined();
  expect(await textOf('/dev/zero', 10)).toBeUndefined();
  // The system says of it that it is a plain file without a byte, and makes up what is read.
  expect(await textOf('/proc/self/status', 10)).toBe('');
});
