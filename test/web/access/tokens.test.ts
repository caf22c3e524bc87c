import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { openTokens, tokenFile } from '../../../src/web/access/tokens.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const stage = () => {
  const folder = temporaryFolder('tokens');
  onTestFinished(() => folder[Symbol.dispose]());
  const file = tokenFile(folder.path);
  return { file, tokens: openTokens(file, () => '2026-01-01T00:00:00.000Z') };
};

test('[WEB-6] tokens are kept by their hashes, in a file and a folder of their owner alone', () => {
  const { file, tokens } = stage();
  const secret = tokens.create({ name: 'phone', role: 'operator', expiresAt: null });
  expect(secret).toMatch(/^drover_[\w-]{43}$/u);
  expect(readFileSync(file, 'utf8')).not.toContain(secret.slice(7));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(file.replace(/\/[^/]+$/u, '')).mode & 0o777).toBe(0o700);
  expect(tokens.find(secret)).toMatchObject({ name: 'phone', role: 'operator' });
  expect(tokens.find(`${secret}x`)).toBeUndefined();
});

test('[WEB-6] a token is rotated: the new word lets in, the old one no more', () => {
  const { tokens } = stage();
  const old = tokens.create({ name: 'phone', role: 'viewer', expiresAt: null });
  const other = tokens.create({ name: 'other', role: 'viewer', expiresAt: null });
  const next = tokens.rotate('phone');
  expect([old, next, other].map((word) => tokens.find(word)?.name)).toEqual([undefined, 'phone', 'other']);
  expect(() => tokens.rotate('nobody')).toThrow('There is no token with the name nobody.');
});

test('names are words, and each is there once', () => {
  const { tokens } = stage();
  const make = (name: string) => () => tokens.create({ name, role: 'viewer', expiresAt: null });
  make('a')();
  expect(make('a')).toThrow('There is a token with the name a already.');
  for (const name of ['', '__proto__', 'A', 'a b', '../a', 'a\n', 'x'.repeat(41)])
    expect(make(name)).toThrow('cannot be the name');
  expect(() => tokens.revoke('b')).toThrow('There is no token');
});

test('a damaged file lets nobody in, and says what to do', () => {
  const { file, tokens } = stage();
  tokens.create({ name: 'a', role: 'viewer', expiresAt: null });
  writeFileSync(file, '{"v":1,"tokens":[{"name":"a","role":"root","hash":"x"}]}');
  expect(() => tokens.find('x')).toThrow(`The tokens in ${file} cannot be read.`);
});
