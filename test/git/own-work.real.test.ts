import { execFileSync } from 'node:child_process';
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

test('a .gitmodules that git refuses is told, where it was changed', async () => {
  await using world = await openWorld();
  const { git, first, root, user } = world;
  const own = '[submodule "a"]\n\tpath = a\n\turl = ./x\n';
  const faultOf = (text: string) => git.modulesFault(first, world.commit(first, { '.gitmodules': text }));
  expect(await faultOf(own)).toBeNull();
  expect(await faultOf(`${own}\tupdate = rebase\n\tignore = dirty\n`)).toBeNull();
  expect(await faultOf(`${own}\tupdate = bogus\n`)).toContain("'submodule.a.update'");
  expect(await faultOf(`${own}\tupdate = !touch x\n`)).toContain("'submodule.a.update'");
  expect(await faultOf(`${own}\turl = --upload-pack=x\n`)).toContain("'submodule.a.url'");
  expect(await faultOf('[submodule "../a"]\n\tpath = a\n')).toContain('suspicious submodule name: ../a');
  expect(await faultOf('[submodule "a"\n')).toBe('fatal: bad config line 2 in file .gitmodules');
  const link = user('rev-parse', `${first}:readme.md`).trim();
  // git itself puts no such link into an index.
  const tree = execFileSync('git', ['mktree'], {
    cwd: root,
    env: world.env,
    input: `120000 blob ${link}\t.gitmodules\n`,
  });
  const linked = user('commit-tree', tree.toString().trim(), '-p', first, '-m', 'link').trim();
  expect(await git.modulesFault(first, linked)).toBe('it is no file');
  const before = world.commit(first, { '.gitmodules': `${own}\tupdate = bogus\n` });
  expect(await git.modulesFault(before, world.commit(before, { b: 'b\n' }))).toBeNull();
  expect(await git.modulesFault(first, world.commit(first, { b: 'b\n' }))).toBeNull();
});
