import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimStart, isBeingStarted } from '../../src/client/start-claim.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const LONG_AGO = new Date(Date.now() - 60_000);

test('one at a time starts a daemon, and the next may when it has let go', () => {
  using folder = temporaryFolder('claim');
  const place = { state: folder.path };
  const letGo = claimStart(place);
  expect(letGo).toBeDefined();
  expect([claimStart(place), isBeingStarted(place)]).toEqual([undefined, true]);
  letGo?.();
  expect(isBeingStarted(place)).toBe(false);
  expect(claimStart(place)).toBeDefined();
});

test.each([
  ['of a program that has ended', String(spawnSync('true').pid), new Date()],
  ['of one that takes too long', String(process.pid), LONG_AGO],
  ['that was never written down', '', LONG_AGO],
])('a claim %s keeps nobody from the start', (_whose, content, at) => {
  using folder = temporaryFolder('claim');
  const file = join(folder.path, 'starting');
  writeFileSync(file, content);
  utimesSync(file, at, at);
  expect(isBeingStarted({ state: folder.path })).toBe(false);
  claimStart({ state: folder.path });
  expect(existsSync(file)).toBe(false);
  expect(claimStart({ state: folder.path })).toBeDefined();
});

test('a claim that is just being written is waited for', () => {
  using folder = temporaryFolder('claim');
  writeFileSync(join(folder.path, 'starting'), '');
  expect(claimStart({ state: folder.path })).toBeUndefined();
  expect(existsSync(join(folder.path, 'starting'))).toBe(true);
});

test('what else lies in the place of a claim is told as what it is', () => {
  using folder = temporaryFolder('claim');
  mkdirSync(join(folder.path, 'starting'));
  expect(() => claimStart({ state: folder.path })).toThrow(/EISDIR/u);
});
