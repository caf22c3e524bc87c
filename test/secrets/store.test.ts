import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSecrets } from '../../src/secrets/store.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const open = (home: string) =>
  openSecrets({
    folder: join(home, 'data/drover/secrets'),
    keyFile: join(home, 'config/drover/secrets.key'),
    now: () => '2026-01-01T00:00:00.000Z',
  });

test('[SEC-3] a value is kept sealed, for its owner alone, and comes back as it was', async () => {
  using home = temporaryFolder('secrets');
  const secrets = open(home.path);
  expect([await secrets.list(), await secrets.values()]).toEqual([[], []]);
  await secrets.set('github', 'X123 ü\nsecond line');
  await secrets.set('github', 'X123 ü\nthird line');
  expect(await open(home.path).get('github')).toBe('X123 ü\nthird line');
  expect(await secrets.list()).toEqual([{ name: 'github', changed_at: '2026-01-01T00:00:00.000Z' }]);
  expect(readdirSync(secrets.folder)).toEqual(['github.json']);
  const file = join(secrets.folder, 'github.json');
  expect(readFileSync(file, 'utf8')).not.toContain('X123');
  const modes = [secrets.folder, file, join(home.path, 'config/drover/secrets.key')].map(
    (one) => statSync(one).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o600, 0o600]);
  expect([await secrets.remove('github'), await secrets.remove('github')]).toEqual([true, false]);
  await expect(secrets.get('github')).rejects.toMatchObject({ code: 'secret/missing', exit: 3 });
});

test('the first secrets of two at once are sealed with one key', async () => {
  using home = temporaryFolder('secrets');
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  await Promise.all(names.map((name) => open(home.path).set(name, `value of ${name}`)));
  expect(await open(home.path).values()).toEqual(names.map((name) => `value of ${name}`));
});

test('what was changed, moved or sealed elsewhere is told and stops nobody from reading the others', async () => {
  using home = temporaryFolder('secrets');
  const secrets = open(home.path);
  await secrets.set('one', 'first value');
  await secrets.set('two', 'second value');
  const fileOf = (name: string) => join(secrets.folder, `${name}.json`);
  writeFileSync(fileOf('two'), readFileSync(fileOf('one')));
  await expect(secrets.get('two')).rejects.toMatchObject({ code: 'secret/unreadable', exit: 1 });
  writeFileSync(fileOf('three'), '{');
  await expect(secrets.get('three')).rejects.toMatchObject({ code: 'secret/unreadable' });
  expect(await secrets.values()).toEqual(['first value']);
  writeFileSync(join(home.path, 'config/drover/secrets.key'), 'short');
  await expect(secrets.get('one')).rejects.toMatchObject({ code: 'secret/unreadable' });
  await expect(secrets.set('one', 'again')).rejects.toMatchObject({ code: 'secret/unreadable' });
});

test.each(['', '../x', '.hidden', 'UPPER', 'a b', 'a/b', 'x'.repeat(65)])('"%s" is no name', async (name) => {
  using home = temporaryFolder('secrets');
  await expect(open(home.path).set(name, 'value')).rejects.toMatchObject({ code: 'secret/bad-name', exit: 2 });
});
