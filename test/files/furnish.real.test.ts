import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { furnish } from '../../src/files/furnish.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** Dies over a copy when half of the file is written, and over links at the second one. */
const DYING = `import promises from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const die = () => process.kill(process.pid, 'SIGKILL');
promises.copyFile = async (_from, to) => {
  writeFileSync(to, 'ha');
  die();
};
const { symlink } = promises;
let links = 0;
promises.symlink = async (...args) => {
  links += 1;
  if (links === 2) die();
  return symlink(...args);
};
syncBuiltinESMExports();
const { furnish } = await import(process.argv[1]);
await furnish(JSON.parse(process.argv[2]));`;

const dieOver = (request: Parameters<typeof furnish>[0]): void => {
  const from = new URL('../../src/files/furnish.ts', import.meta.url).href;
  const args = ['--input-type=module', '-e', DYING, from, JSON.stringify(request)];
  expect(spawnSync(process.execPath, args).signal).toBe('SIGKILL');
};

test.each([
  ['a file', { copies: ['.env'], links: [] }],
  ['a folder', { copies: [], trees: ['skills'], links: [] }],
  ['links', { copies: [], links: ['modules'] }],
])('what a killed process had given a folder half of comes there whole: %s', async (_what, wish) => {
  using folder = temporaryFolder('furnish');
  const [from, to] = ['from', 'to'].map((name) => join(folder.path, name)) as [string, string];
  for (const name of ['skills', 'modules']) mkdirSync(join(from, name), { recursive: true });
  mkdirSync(to);
  for (const path of ['.env', 'skills/one', 'modules/a', 'modules/b']) writeFileSync(join(from, path), 'whole');
  const request = { from, to, ...wish };
  dieOver(request);
  await furnish(request);
  const [name] = readdirSync(to) as [string];
  expect(readdirSync(to)).toEqual([['.env', 'skills', 'modules'].find((one) => JSON.stringify(wish).includes(one))]);
  if (name === '.env') expect(readFileSync(join(to, '.env'), 'utf8')).toBe('whole');
  if (name === 'skills') expect(readFileSync(join(to, 'skills/one'), 'utf8')).toBe('whole');
  if (name === 'modules')
    expect(readdirSync(join(to, name)).map((one) => readlinkSync(join(to, name, one)))).toEqual([
      join(from, 'modules/a'),
      join(from, 'modules/b'),
    ]);
});
