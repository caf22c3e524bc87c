import { expect, test } from 'vitest';
import { openWorld } from './world.ts';

test('what a branch began at is not its own work where it shares a later commit of the base with where it goes', async () => {
  await using world = await openWorld();
  const { git, first } = world;
  const joined = async (...commits: readonly string[]): Promise<string> => {
    const made = await git.joined(commits, 'Join');
    return made.kind === 'landed' ? made.commit : '';
  };
  const start = world.commit(first, { 'merged.txt': 'of another task\n' });
  const own = world.commit(start, { 'own.txt': 'own\n' });
  for (const mine of [world.commit(first, { 'a.txt': 'a\n' }), world.commit(first, { 'b.txt': 'b\n' })]) {
    // Both brought the same commit in by a merge of their own, so that they have two commits in common.
    const head = await joined(own, mine);
    const onto = await joined(start, mine);
    const shared = world.user('merge-base', '--all', onto, head).trim().split('\n');
    expect(shared.toSorted()).toEqual([start, mine].toSorted());
    expect(await git.ownBase({ start, head, onto })).toBe(start);
  }
});
