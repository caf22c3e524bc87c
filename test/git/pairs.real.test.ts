import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { openWorld } from './world.ts';

test('[GIT-4] the pairs of branches that conflict are found, and nothing is left of looking', async () => {
  await using world = await openWorld();
  const { git, first, user } = world;
  const heads = [
    world.commit(first, { 'readme.md': 'ONE\ntwo\nthree\n' }),
    world.commit(first, { 'readme.md': 'uno\ntwo\nthree\n', 'ü\nx': '1' }),
    world.commit(first, { 'ü\nx': '2' }),
    world.commit(first, { 'readme.md': 'one\ntwo\nTHREE\n' }),
  ];
  const built = world.commit(heads[0]!, { 'readme.md': 'ONE\nTWO\nthree\n' });
  const before = user('count-objects');
  expect(await git.clashingPairs(first, [...heads, built, heads[0]!])).toEqual([
    [0, 1],
    [1, 2],
    [1, 4],
    [1, 5],
    [3, 4],
  ]);
  expect(await git.clashingPairs(first, heads.slice(0, 1))).toEqual([]);
  expect(user('count-objects')).toBe(before);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('drover-pairs-'))).toEqual([]);
});
