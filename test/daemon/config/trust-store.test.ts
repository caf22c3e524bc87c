import fs, { chmodSync, mkdirSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forgetTrust, hashOf, readTrust, writeTrust } from '../../../src/daemon/config/trust-store.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const POWERS = { checks: { task: 'make test' } };

/** A repository with its file of settings, and the store of a person. */
const opened = () => {
  const folder = temporaryFolder('trust');
  const file = join(folder.path, 'r/.drover/config.json');
  mkdirSync(join(folder.path, 'r/.drover'), { recursive: true });
  writeFileSync(file, '{}');
  const env = { HOME: folder.path, XDG_STATE_HOME: join(folder.path, 'state') };
  const store = join(env.XDG_STATE_HOME, 'drover/trust');
  const record = () => join(store, readdirSync(store)[0]!);
  return { folder: folder.path, file, env, store, record, [Symbol.dispose]: () => folder[Symbol.dispose]() };
};

test('[SEC-8] what is trusted lies outside of the repository, for its owner alone', () => {
  using place = opened();
  const { file, env, store, record } = place;
  expect(readTrust(file, env)).toBeUndefined();
  writeTrust(file, env, POWERS);
  expect(readTrust(file, env)?.powers).toEqual(POWERS);
  expect([statSync(store).mode & 0o777, statSync(record()).mode & 0o777]).toEqual([0o700, 0o600]);
  writeTrust(file, env, {});
  expect([readTrust(file, env)?.powers, readdirSync(store).length]).toEqual([{}, 1]);
  expect([forgetTrust(file, env), forgetTrust(file, env), readTrust(file, env)]).toEqual([true, false, undefined]);
});

test('[SEC-8] what is trusted, and that nothing is any more, survives a power cut', () => {
  using place = opened();
  const { file, env, store } = place;
  const synced: number[] = [];
  const { fsyncSync } = fs;
  fs.fsyncSync = (descriptor) => {
    synced.push(fs.fstatSync(descriptor).ino);
    fsyncSync(descriptor);
  };
  syncBuiltinESMExports();
  try {
    writeTrust(file, env, POWERS);
    expect(synced).toContain(statSync(store).ino);
    synced.length = 0;
    forgetTrust(file, env);
    expect(synced).toEqual([statSync(store).ino]);
  } finally {
    fs.fsyncSync = fsyncSync;
    syncBuiltinESMExports();
  }
});

test('[SEC-8] a record that others may write to, that is damaged, a link, or of another repository trusts nothing', () => {
  using place = opened();
  const { folder, file, env, record } = place;
  writeTrust(file, env, POWERS);
  chmodSync(record(), 0o620);
  expect(readTrust(file, env)).toBeUndefined();
  chmodSync(record(), 0o600);
  expect(readTrust(file, env)?.powers).toEqual(POWERS);
  const path = record();
  const elsewhere = join(folder, 'elsewhere.json');
  renameSync(path, elsewhere);
  symlinkSync(elsewhere, path);
  expect(readTrust(file, env)).toBeUndefined();
  forgetTrust(file, env);
  for (const text of ['{', '{}', JSON.stringify({ root: '/other', powers: POWERS, trusted_at: '' })]) {
    writeFileSync(path, text, { mode: 0o600 });
    expect([text, readTrust(file, env)]).toEqual([text, undefined]);
  }
  // A setting that this version does not know any more cannot have been trusted for it.
  writeFileSync(path, JSON.stringify({ root: join(folder, 'r'), powers: { nonsense: 1 }, trusted_at: '' }));
  expect(readTrust(file, env)).toBeUndefined();
});

test('[SEC-8] a repository is known by its real path: a link to it is the same, a copy is another', () => {
  using place = opened();
  const { folder, file, env } = place;
  writeTrust(file, env, POWERS);
  symlinkSync(join(folder, 'r'), join(folder, 'link'));
  expect(readTrust(join(folder, 'link/.drover/config.json'), env)?.powers).toEqual(POWERS);
  renameSync(join(folder, 'r'), join(folder, 'moved'));
  expect(readTrust(join(folder, 'moved/.drover/config.json'), env)).toBeUndefined();
});

test('a content has one name, in whatever order it is written', () => {
  expect(hashOf({ a: 1, b: { d: 1, c: 2 } })).toBe(hashOf({ b: { c: 2, d: 1 }, a: 1 }));
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }));
  expect(hashOf({})).toMatch(/^[0-9a-f]{32}$/u);
});
