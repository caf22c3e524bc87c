import { expect, test } from 'vitest';
import { openWorld, write } from './world.ts';

test('commits that are made anew keep who made them and what they said, whatever a person has git print', async () => {
  await using world = await openWorld();
  const { git, first, root, user } = world;
  write(root, 'a.txt', 'a\n');
  user('add', '-A');
  user('-c', 'user.name=Jörg Größe', 'commit', '-q', '-m', 'Straße');
  const head = user('rev-parse', 'HEAD').trim();
  user('config', 'i18n.logOutputEncoding', 'ISO-8859-1');
  const made = await git.rebased({ from: first, head, onto: world.commit(first, { 'b.txt': 'b\n' }) });
  expect(made.kind).toBe('landed');
  if (made.kind !== 'landed') return;
  const shown = ['log', '-1', '--encoding=UTF-8', '--format=%an: %s'];
  expect(user(...shown, made.commit)).toBe('Jörg Größe: Straße\n');
});
