import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/drover.js', import.meta.url));

test('a clone that is not built says how to build it', () => {
  using folder = temporaryFolder('unbuilt');
  const { path } = folder;
  mkdirSync(join(path, 'bin'));
  copyFileSync(PROGRAM, join(path, 'bin/drover.js'));
  writeFileSync(join(path, 'package.json'), '{ "type": "module" }');
  const env = { PATH: process.env['PATH'] ?? '', HOME: path };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(path, 'bin/drover.js')], {
    encoding: 'utf8',
    env,
  });
  expect([status, stdout, stderr]).toEqual([
    1,
    '',
    'drover: This clone is not built yet.\nRun "npm ci && npm run build" in it, then try again.\n',
  ]);
});
