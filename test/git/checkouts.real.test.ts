import { readFileSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open.ts';
import type { Processes } from '../../src/ports/index.ts';
import { emptyByPowerCut, openWorld, userGit, write } from './world.ts';

/** A world with one worktree on the branch `drover/a`. */
const openInstance = async () => {
  const world = await openWorld();
  const path = world.at('a');
  await world.git.createBranch('drover/a', world.first);
  await world.git.addWorktree(path, { branch: 'drover/a' });
  return { ...world, path, agent: userGit(path, world.env) };
};

test('a clean worktree is switched to another branch; a dirty one is refused, with its files, and left alone', async () => {
  await using world = await openInstance();
  const { git, path } = world;
  const next = world.commit(world.first, { b: 'b\n' });
  const branch = await git.createBranch('feature/12', next);
  write(path, 'new file', 'work');
  await expect(git.switchTo(path, branch)).rejects.toMatchObject({
    code: 'git/dirty',
    exit: 6,
    message: `uncommitted work is in the way in "${path}": new file`,
  });
  await git.switchTo(path, 'drover/a');
  rmSync(join(path, 'new file'));
  await git.switchTo(path, branch);
  expect(await git.worktreeState(path)).toEqual({ branch, head: next, dirty: [] });
});

test('a branch that does not exist, or is checked out elsewhere, is not switched to', async () => {
  await using world = await openInstance();
  await expect(world.git.switchTo(world.path, 'nowhere')).rejects.toMatchObject({
    code: 'git/no-such-branch',
    exit: 3,
  });
  await expect(world.git.switchTo(world.path, 'main')).rejects.toMatchObject({ code: 'git/branch-in-use', exit: 6 });
});

test('a file that git ignores is work too: a branch that has it tracked does not replace it', async () => {
  await using world = await openInstance();
  const { git, path } = world;
  const branch = await git.createBranch('tracked', world.commit(world.first, { '.env': 'theirs\n' }));
  write(world.root, '.git/info/exclude', '.env\n');
  write(path, '.env', 'secret\n');
  expect((await git.worktreeState(path)).dirty).toEqual([]);
  await expect(git.switchTo(path, branch)).rejects.toMatchObject({ code: 'git/dirty' });
  expect(readFileSync(join(path, '.env'), 'utf8')).toBe('secret\n');
});

test('nothing is checked out over what is in the middle in a worktree', async () => {
  await using world = await openInstance();
  const { git, path, agent } = world;
  const other = await git.createBranch('other', world.commit(world.first, { 'readme.md': 'theirs\n' }));
  agent('-c', 'merge.conflictStyle=merge', 'merge', '--quiet', '--no-commit', '--no-ff', other);
  agent('checkout', '--quiet', 'HEAD', '--', 'readme.md');
  await expect(git.switchTo(path, other)).rejects.toMatchObject({
    code: 'git/under-way',
    message: `a merge is in the middle in the worktree "${path}"`,
  });
});

test('[WTR-3] nothing is switched, checked out, attached or saved in the user’s checkout or a foreign folder', async () => {
  await using world = await openInstance();
  const { git } = world;
  write(world.root, 'mine', 'uncommitted');
  write(world.home, 'foreign/.git', 'gitdir: /somewhere/else\n');
  write(world.home, 'broken/.git', 'nonsense');
  for (const path of [
    world.root,
    join(world.root, '.git'),
    join(world.home, 'foreign'),
    join(world.home, 'broken'),
    '/nowhere',
  ])
    for (const work of [
      () => git.switchTo(path, 'drover/a'),
      () => git.checkout(path, world.first),
      () => git.attach(path, 'drover/a'),
      () => git.saveWork(path, 'x'),
    ])
      await expect(work(), path).rejects.toMatchObject({ code: 'git/not-ours', exit: 4 });
  expect(world.user('status', '--porcelain')).toBe('?? mine\n');
});

test('a commit is checked out without a branch, and what a check left in tracked files is thrown away', async () => {
  await using world = await openInstance();
  const { git, path } = world;
  const next = world.commit(world.first, { 'readme.md': 'next\n' });
  write(path, 'readme.md', 'left by a check\n');
  write(path, 'build/cache', 'kept');
  await git.checkout(path, next);
  expect(await git.worktreeState(path)).toEqual({ branch: null, head: next, dirty: ['build/'] });
  await expect(git.checkout(path, 'nowhere')).rejects.toMatchObject({ code: 'git/failed' });
});

test('a worktree takes a branch that is where it is, and no other', async () => {
  await using world = await openInstance();
  const { git, path, first } = world;
  const next = world.commit(first, { b: 'b\n' });
  await git.checkout(path, next);
  await expect(git.attach(path, 'drover/a')).rejects.toMatchObject({ code: 'git/branch-elsewhere', exit: 6 });
  expect(await git.moveBranch('drover/a', first, next)).toBe(true);
  await git.attach(path, 'drover/a');
  expect(await git.worktreeState(path)).toEqual({ branch: 'drover/a', head: next, dirty: [] });
});

test('uncommitted work is saved on the branch of its worktree; without any nothing is committed', async () => {
  await using world = await openInstance();
  const { git, path, agent, first } = world;
  expect(await git.saveWork(path, 'nothing')).toBe(null);
  write(path, 'readme.md', 'changed\n');
  write(path, 'grüße\n"x"', 'new\n');
  const commit = await git.saveWork(path, 'Save work\n\n# no comment\n\nDrover-Instance: a\n');
  expect(await git.worktreeState(path)).toEqual({ branch: 'drover/a', head: commit, dirty: [] });
  expect(agent('show', '--no-patch', '--format=%P %an%n%B')).toBe(
    `${first} Ada\nSave work\n\n# no comment\n\nDrover-Instance: a\n\n`,
  );
  expect(await git.changes(first, commit ?? '')).toEqual({ commits: 1, files: 2, insertions: 2, deletions: 3 });
});

test.each(['saveWork', 'snapshot'] as const)('a folder that has become a link is kept as that by %s', async (how) => {
  await using world = await openWorld();
  const { git, root, user } = world;
  for (const path of ['config/base.json', 'config/deep/more.json', 'other/x']) write(root, path, 'x\n');
  user('add', '--all');
  user('commit', '--quiet', '-m', 'folders');
  const base = user('rev-parse', 'HEAD').trim();
  const place = world.at('a');
  await git.addWorktree(place, { branch: await git.createBranch('drover/a', base) });
  write(world.home, 'outside/base.json', 'not ours\n');
  rmSync(join(place, 'config'), { recursive: true });
  symlinkSync(join(world.home, 'outside'), join(place, 'config'));
  write(place, 'new', 'new\n');
  const saved = (await git[how](place, 'links\n'))!;
  expect(user('diff-tree', '-r', '--name-status', '--no-renames', base, saved).trim().split('\n')).toEqual([
    'A\tconfig',
    'D\tconfig/base.json',
    'D\tconfig/deep/more.json',
    'A\tnew',
  ]);
  expect(user('cat-file', 'blob', `${saved}:config`)).toBe(join(world.home, 'outside'));
});

test.each(['saveWork', 'snapshot'] as const)(
  'what a power cut has emptied is not kept as work by %s but written anew, what somebody emptied is',
  async (how) => {
    await using world = await openInstance();
    const { git, path, agent } = world;
    for (const name of ['other', 'ü file']) write(path, name, 'whole\n');
    await git.saveWork(path, 'more');
    emptyByPowerCut(path, ['readme.md', 'ü file']);
    truncateSync(join(path, 'other'));
    write(path, 'new', 'new\n');
    const commit = await git[how](path, 'Save work');
    expect(agent('diff', '--name-only', `${commit}~1`, commit!).trim().split('\n')).toEqual(['new', 'other']);
    const at = (name: string) => agent('show', `${commit}:${name}`);
    expect(['readme.md', 'ü file', 'other', 'new'].map(at)).toEqual(['one\ntwo\nthree\n', 'whole\n', '', 'new\n']);
    expect(readFileSync(join(path, 'ü file'), 'utf8')).toBe('whole\n');
  },
);

test('nothing is kept where a power cut alone has changed files', async () => {
  await using world = await openInstance();
  const { git, path, first } = world;
  for (const how of ['snapshot', 'saveWork'] as const) {
    emptyByPowerCut(path, ['readme.md']);
    expect(await git[how](path, 'Save work')).toBeNull();
    expect(await git.worktreeState(path)).toEqual({ branch: 'drover/a', head: first, dirty: [] });
  }
});

test('what looks changed and is not makes no commit', async () => {
  await using world = await openInstance();
  const { path, agent, git } = world;
  write(path, '.gitattributes', '* text=auto\n');
  await git.saveWork(path, 'attributes');
  agent('update-index', '--add', '--cacheinfo', `100644,${agent('hash-object', '-w', 'readme.md').trim()},readme.md`);
  write(path, 'x', 'x');
  agent('add', '--intent-to-add', 'x');
  rmSync(join(path, 'x'));
  expect(await git.saveWork(path, 'nothing')).toBe(null);
});

test('changes are counted from where two histories parted, also where they never met', async () => {
  await using world = await openWorld();
  const { git, first } = world;
  const ours = world.commit(first, { a: '1\n2\n' });
  const theirs = world.commit(world.commit(first, { b: '1\n' }), { 'readme.md': 'one\n' });
  expect(await git.changes(ours, theirs)).toEqual({ commits: 2, files: 2, insertions: 1, deletions: 2 });
  expect(await git.changes(ours, ours)).toEqual({ commits: 0, files: 0, insertions: 0, deletions: 0 });
  const orphan = world.user('commit-tree', `${first}^{tree}`, '-m', 'orphan').trim();
  expect(await git.changes(ours, orphan)).toEqual({ commits: 1, files: 1, insertions: 0, deletions: 2 });
});

test('a conflict that an agent has not resolved counts as uncommitted', async () => {
  await using world = await openInstance();
  const { git, path, agent } = world;
  const theirs = world.commit(world.first, { 'readme.md': 'theirs\n' });
  write(path, 'readme.md', 'ours\n');
  await git.saveWork(path, 'ours');
  expect(() => agent('merge', '--quiet', theirs)).toThrow();
  expect((await git.worktreeState(path)).dirty).toEqual(['readme.md']);
});

test('work that is saved in the middle of a merge has not merged what is not decided yet', async () => {
  await using world = await openInstance();
  const { git, path, agent, commit, first } = world;
  const base = commit(first, { 'logo.png': '\0base', 'gone.txt': 'base\n' });
  const theirs = commit(base, { 'logo.png': '\0theirs', 'gone.txt': 'theirs\n', 'new.txt': 'theirs\n' });
  agent('reset', '--quiet', '--hard', base);
  write(path, 'logo.png', '\0ours');
  agent('rm', '--quiet', 'gone.txt');
  agent('commit', '--quiet', '--all', '-m', 'ours');
  const ours = agent('rev-parse', 'HEAD').trim();
  expect(() => agent('merge', theirs)).toThrow('Command failed');
  const saved = (await git.saveWork(path, 'WIP'))!;
  expect(agent('rev-list', '--parents', '-1', saved).trim().split(' ')).toEqual([saved, ours]);
  expect([await git.underWay(path), await git.worktreeState(path)]).toEqual([
    null,
    { branch: 'drover/a', head: saved, dirty: [] },
  ]);
  // Neither side's picture is taken without a word, as it would be where git believes that both are in.
  expect(await git.mergeTrees(saved, theirs)).toMatchObject({ kind: 'conflict', files: ['logo.png'] });

  // What was decided is saved as the merge that it is.
  expect(() => agent('merge', theirs)).toThrow('Command failed');
  write(path, 'logo.png', '\0both');
  agent('add', '--all');
  const merged = (await git.saveWork(path, 'WIP'))!;
  expect(agent('rev-list', '--parents', '-1', merged).trim().split(' ')).toEqual([merged, saved, theirs]);
});

test('a merge in the middle whose work cannot be saved stays as it is, with its conflicts', async () => {
  await using world = await openInstance();
  const { git, path, agent, commit, first, user } = world;
  const theirs = commit(first, { 'readme.md': 'theirs\n', 'new.txt': 'theirs\n' });
  write(path, 'readme.md', 'ours\n');
  write(path, '.gitattributes', 'other filter=closed\n');
  const ours = await git.saveWork(path, 'ours');
  expect(() => agent('merge', theirs)).toThrow('Command failed');
  write(path, 'other', 'x\n');
  for (const [key, value] of [
    ['clean', 'false'],
    ['required', 'true'],
  ])
    user('config', `filter.closed.${key}`, value!);
  const before = [agent('ls-files', '--stage'), agent('rev-parse', 'MERGE_HEAD', 'HEAD')];
  await expect(git.saveWork(path, 'WIP')).rejects.toMatchObject({ code: 'git/failed' });
  expect([agent('ls-files', '--stage'), agent('rev-parse', 'MERGE_HEAD', 'HEAD')]).toEqual(before);
  user('config', 'filter.closed.clean', 'cat');
  const saved = (await git.saveWork(path, 'WIP'))!;
  expect(agent('rev-list', '--parents', '-1', saved).trim().split(' ')).toEqual([saved, ours]);
  expect([await git.underWay(path), agent('status', '--porcelain')]).toEqual([null, '']);
});

/** git that is overtaken before each of its commits by what an agent does there. */
const overtaken = (world: Awaited<ReturnType<typeof openInstance>>, before: (commit: number) => void) => {
  const { root, env, processes } = world;
  let commits = 0;
  const run: Processes['run'] = (request, signal) => {
    if (request.args?.includes('commit')) {
      commits += 1;
      before(commits);
    }
    return processes.run(request, signal);
  };
  return openGit({ root, commonDir: join(root, '.git'), processes: { ...processes, run }, env });
};

test('work that its agent commits in the moment before Drover does is saved: nothing is left to commit, and nothing failed', async () => {
  await using world = await openInstance();
  const { path, agent } = world;
  const git = overtaken(world, (commit) => {
    if (commit === 1) agent('commit', '--quiet', '--message=mine');
  });
  write(path, 'same.txt', 'x\n');
  expect(await git.saveWork(path, 'WIP')).toBeNull();
  expect(agent('log', '-1', '--format=%s', '--', 'same.txt').trim()).toBe('mine');
  expect(await world.git.worktreeState(path)).toMatchObject({ branch: 'drover/a', dirty: [] });
});

test('a file under another name is counted the same everywhere: as one that is gone and one that is new', async () => {
  await using world = await openWorld();
  const { git, first, user } = world;
  user('mv', 'readme.md', 'read-me.md');
  user('commit', '--quiet', '-m', 'under another name');
  const head = user('rev-parse', 'HEAD').trim();
  const { files } = await git.diff(first, head);
  const sum = (of: 'insertions' | 'deletions') => files.reduce((all, file) => all + (file[of] ?? 0), 0);
  expect(files.map(({ path }) => path)).toEqual(['read-me.md', 'readme.md']);
  expect(await git.changes(first, head)).toEqual({
    ...{ commits: 1, files: files.length },
    ...{ insertions: sum('insertions'), deletions: sum('deletions') },
  });
});
