import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('a clone runs with the Node that npm has installed in it, whichever way it is called, and else with that of the PATH', () => {
  using folder = temporaryFolder('node');
  const { path } = folder;
  const program = (file: string, text: string): void => {
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
  };
  for (const name of ['bin', 'else', 'node_modules/node/bin']) mkdirSync(join(path, name), { recursive: true });
  copyFileSync(PROGRAM, join(path, 'bin/drover.js'));
  program(join(path, 'else/node'), 'echo "of the PATH"');
  symlinkSync('../bin/drover.js', join(path, 'else/drover'));
  const says = (program: string): string =>
    spawnSync(program, {
      encoding: 'utf8',
      cwd: join(path, 'bin'),
      env: { PATH: `${path}/else:${process.env['PATH'] ?? ''}`, HOME: path },
    }).stdout.trim();
  const ways = [join(path, 'bin/drover.js'), 'drover', './drover.js'];
  expect(ways.map(says)).toEqual(ways.map(() => 'of the PATH'));
  program(join(path, 'node_modules/node/bin/node'), 'echo "of the clone"');
  expect(ways.map(says)).toEqual(ways.map(() => 'of the clone'));
});
