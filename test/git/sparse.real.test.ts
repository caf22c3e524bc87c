import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRepository, openGit } from '../../src/git/open.ts';
import { checksum, openWorld, userGit, write } from './world.ts';

/** A repository of which a worktree on `mine` has only one folder. */
const openSparse = async () => {
  const world = await openWorld();
  const { git, root, user } = world;
  for (const path of ['apps/notes.txt', 'apps/web/a.txt', 'libs/x/b.txt', 'libs/y/c.txt']) write(root, path, 'one\n');
  user('add', '--all');
  user('commit', '--quiet', '-m', 'folders');
  const start = user('rev-parse', 'HEAD').trim();
  const before = {
    files: checksum(root, ['HEAD', 'index']),
    status: user('status'),
    config: user('config', '--local', '--list').trim().split('\n'),
  };
  const worktree = world.at('w');
  await git.createBranch('mine', start);
  await git.addWorktree(worktree, { branch: 'mine' }, ['apps/web']);
  const inside = userGit(worktree, world.env);
  return {
    ...{ ...world, start, before, worktree, inside },
    /** What is in the tree of a commit. */
    filesAt: (commit: string | null) =>
      user('ls-tree', '-r', '--name-only', commit ?? 'none')
        .trim()
        .split('\n'),
    status: () => inside('status', '--porcelain').trimEnd(),
    has: (path: string) => existsSync(join(worktree, path)),
  };
};

const ALL = ['apps/notes.txt', 'apps/web/a.txt', 'libs/x/b.txt', 'libs/y/c.txt', 'readme.md'];

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.git')
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();

test('[WTR-2] a worktree with folders has what is in them and the files above; the person’s checkout stays whole', async () => {
  await using world = await openSparse();
  const { before, first, git, root, user, worktree } = world;
  expect(filesBelow(worktree)).toEqual(['apps/notes.txt', 'apps/web/a.txt', 'readme.md']);
  expect([world.status(), (await git.worktreeState(worktree)).dirty]).toEqual(['', []]);
  expect(await git.sparse(worktree)).toMatchObject({ cone: true, patterns: expect.stringContaining('/apps/web/') });
  // In the person's repository git has noted that worktrees may have settings of their own, and nothing else.
  const config = user('config', '--local', '--list').trim().split('\n');
  expect(config.filter((line) => !before.config.includes(line))).toEqual(['extensions.worktreeconfig=true']);
  expect(() => user('config', 'core.sparseCheckout')).toThrow();
  expect([checksum(root, ['HEAD', 'index']), user('status')]).toEqual([before.files, before.status]);
  // Others are whole, before and after it.
  await git.addWorktree(world.at('whole'), { commit: world.start });
  expect(filesBelow(world.at('whole'))).toEqual(ALL);
  expect(await git.sparse(world.at('whole'))).toBeNull();
  // A commit that does not have the folder is checked out without it.
  await git.addWorktree(world.at('early'), { commit: first }, ['apps/web']);
  expect(filesBelow(world.at('early'))).toEqual(['readme.md']);
});

test('what git says of the checkout itself in the configuration still holds for that one alone', async () => {
  await using world = await openWorld();
  const { git, root, user } = world;
  user('config', 'core.worktree', root);
  await git.addWorktree(world.at('w'), { commit: world.first }, ['libs']);
  await git.addWorktree(world.at('whole'), { commit: world.first });
  for (const path of [world.at('w'), world.at('whole')]) {
    expect(userGit(path, world.env)('rev-parse', '--show-toplevel').trim()).toBe(path);
    expect((await git.worktreeState(path)).dirty).toEqual([]);
  }
  const fromGit = userGit(join(root, '.git'), world.env);
  expect([fromGit('rev-parse', '--show-toplevel').trim(), user('status', '--porcelain')]).toEqual([root, '']);
});

test('a repository without a checkout of its own stays one', async () => {
  await using world = await openWorld();
  const { env, home, processes, root, user } = world;
  const [bare, mine] = [join(home, 'bare.git'), join(home, 'mine')];
  user('clone', '--quiet', '--bare', root, bare);
  userGit(bare, env)('worktree', 'add', '--quiet', mine, 'main');
  const git = openGit({ ...(await findRepository(mine, processes, env)), processes, env });
  await git.addWorktree(world.at('w'), { commit: world.first }, ['libs']);
  expect((await git.worktreeState(world.at('w'))).dirty).toEqual([]);
  const isBare = (path: string) => userGit(path, env)('rev-parse', '--is-bare-repository').trim();
  expect([isBare(bare), isBare(mine), isBare(world.at('w'))]).toEqual(['true', 'false', 'false']);
  expect(userGit(mine, env)('status', '--porcelain')).toBe('');
});

test('[GIT-4] work at left-out paths is seen, kept and committed, and what is left out is not taken for deleted', async () => {
  await using world = await openSparse();
  const { filesAt, git, inside, start, user, worktree } = world;
  write(worktree, 'libs/x/b.txt', 'edited\n');
  write(worktree, 'libs/x/new.txt', 'new\n');
  const dirty = ['libs/x/b.txt', 'libs/x/new.txt'];
  expect((await git.worktreeState(worktree)).dirty.toSorted()).toEqual(dirty);
  const kept = await git.snapshot(worktree, 'look');
  expect(filesAt(kept)).toEqual([...ALL, 'libs/x/new.txt'].toSorted());
  expect(user('show', `${kept}:libs/x/b.txt`)).toBe('edited\n');
  const saved = await git.saveWork(worktree, 'save');
  expect(filesAt(saved)).toEqual(filesAt(kept));
  expect((await git.diff(start, saved!)).files.map(({ path }) => path)).toEqual(dirty);
  expect([inside('rev-parse', 'mine').trim(), world.status()]).toEqual([saved, '']);
});

test('what a merge in the middle has staged of left-out files stays in what is kept of it', async () => {
  await using world = await openSparse();
  const { filesAt, git, inside, start, user, worktree } = world;
  const other = world.commit(start, { 'libs/x/b.txt': 'theirs\n', 'libs/z.txt': 'theirs\n', 'readme.md': 'theirs\n' });
  inside('merge', '--no-commit', '--no-ff', other);
  expect([world.has('libs'), world.status()]).toEqual([false, 'M  libs/x/b.txt\nA  libs/z.txt\nM  readme.md']);
  for (const commit of [await git.snapshot(worktree, 'look'), await git.saveWork(worktree, 'save')]) {
    expect(filesAt(commit)).toEqual([...ALL, 'libs/z.txt'].toSorted());
    expect(user('show', `${commit}:libs/x/b.txt`)).toBe('theirs\n');
  }
});

test('a worktree is brought to other commits and branches, and has its folders there', async () => {
  await using world = await openSparse();
  const { git, inside, start, worktree } = world;
  const to = world.commit(start, { 'libs/x/b.txt': 'two\n', 'libs/z.txt': 'two\n', 'apps/web/new.txt': 'two\n' });
  expect(await git.advance(worktree, { branch: 'mine', from: start, to })).toBe(true);
  expect([inside('rev-parse', 'HEAD').trim(), world.status()]).toEqual([to, '']);
  expect(filesBelow(worktree)).toEqual(['apps/notes.txt', 'apps/web/a.txt', 'apps/web/new.txt', 'readme.md']);
  await git.createBranch('next', start);
  await git.switchTo(worktree, 'next');
  expect([world.status(), world.has('apps/web/new.txt'), world.has('libs')]).toEqual(['', false, false]);
  await git.checkout(worktree, to);
  expect([world.status(), world.has('apps/web/new.txt'), world.has('libs')]).toEqual(['', true, false]);
});

test('[GIT-4] no checkout writes over what git does not track, ignored or not, and folders that give way to files', async () => {
  await using world = await openSparse();
  const { git, root, start, worktree } = world;
  const to = world.commit(start, {
    'apps/web/new.txt': 'two\n',
    'apps/web/sub/deep.txt': 'two\n',
    'libs/z.txt': 'two\n',
  });
  await git.createBranch('next', to);
  const attempts = [
    () => git.advance(worktree, { branch: 'mine', from: start, to }),
    () => git.switchTo(worktree, 'next'),
    () => git.addWorktree(worktree, { commit: to }),
  ];
  for (const ignored of ['', '*.txt\nsub\n'])
    for (const path of ['apps/web/new.txt', 'apps/web/sub', 'libs/z.txt']) {
      write(root, '.git/info/exclude', ignored);
      write(worktree, path, 'precious\n');
      for (const attempt of attempts) {
        await expect(attempt()).rejects.toMatchObject({ code: 'git/dirty', message: expect.stringContaining(path) });
        expect(readFileSync(join(worktree, path), 'utf8')).toBe('precious\n');
      }
      rmSync(join(worktree, path));
    }
  await git.switchTo(worktree, 'next');
  // A file of the commit that gives way to a folder is no such thing.
  const folder = world.commit(world.first, { 'apps/web/a.txt/deep.txt': 'two\n' });
  await git.createBranch('folder', folder);
  await git.switchTo(worktree, 'folder');
  expect([world.status(), world.has('apps/web/a.txt/deep.txt')]).toEqual(['', true]);
});

test('[STO-7] half of an update is taken back, and what is left out stays so', async () => {
  await using world = await openSparse();
  const { git, inside, start, worktree } = world;
  const more = { 'libs/x/b.txt': 'two\n', 'libs/z.txt': 'two\n', 'apps/web/a.txt': 'two\n', 'apps/web/n.txt': 'two\n' };
  const to = world.commit(start, more);
  const notes = join(world.root, '.git/drover/advancing');
  mkdirSync(notes, { recursive: true });
  writeFileSync(join(notes, 'x.json'), JSON.stringify({ worktree, branch: 'mine', from: start, to }));
  write(worktree, 'apps/web/a.txt', 'two\n');
  write(worktree, 'apps/web/n.txt', 'half');
  expect(await git.finishAdvances()).toEqual([worktree]);
  expect([inside('rev-parse', 'HEAD').trim(), world.status(), world.has('libs')]).toEqual([start, '', false]);
  expect(filesBelow(worktree)).toEqual(['apps/notes.txt', 'apps/web/a.txt', 'readme.md']);
});

test('a removed worktree comes back with what it had, and nothing looks deleted', async () => {
  await using world = await openSparse();
  const { git, inside, worktree } = world;
  inside('sparse-checkout', 'add', 'libs/y');
  write(worktree, 'libs/y/c.txt', 'edited\n');
  const sparse = await git.sparse(worktree);
  const kept = await git.removeWorktree(worktree, join(world.home, 'trash', 'w'));
  await git.restoreWorktree(worktree, kept!, { branch: 'mine' }, sparse);
  expect(await git.sparse(worktree)).toEqual(sparse);
  expect([world.status(), world.has('libs/x')]).toEqual([' M libs/y/c.txt', false]);
  inside('sparse-checkout', 'set', '--no-cone', '/*', '!/libs/x/');
  const patterns = await git.sparse(worktree);
  expect(patterns).toEqual({ cone: false, patterns: '/*\n!/libs/x/\n' });
  const again = await git.removeWorktree(worktree, join(world.home, 'trash', 'w'));
  await git.restoreWorktree(worktree, again!, { branch: 'mine' }, patterns);
  expect([await git.sparse(worktree), world.status()]).toEqual([patterns, ' M libs/y/c.txt']);
});

test('the folders that a commit does not have are told', async () => {
  await using world = await openSparse();
  const wanted = ['apps/web', 'libs', 'readme.md', 'nowhere', 'libs/x/b.txt', 'a b'];
  expect(await world.git.missingFolders(world.start, wanted)).toEqual(['readme.md', 'nowhere', 'libs/x/b.txt', 'a b']);
  expect(await world.git.missingFolders(world.first, ['apps/web'])).toEqual(['apps/web']);
});

test('[SEC-7] git does not read what a worktree has of its files from something that is no file', async () => {
  await using world = await openSparse();
  const patterns = join(world.root, '.git/worktrees/w/info/sparse-checkout');
  rmSync(patterns);
  execFileSync('mkfifo', [patterns]);
  await expect(world.git.worktreeState(world.worktree)).rejects.toMatchObject({ code: 'git/tampered' });
});

test('a worktree that is moved keeps its folders', async () => {
  await using world = await openSparse();
  const { git, worktree } = world;
  await git.moveWorktree(worktree, world.at('elsewhere'));
  expect((await git.worktreeState(world.at('elsewhere'))).dirty).toEqual([]);
  expect(filesBelow(world.at('elsewhere'))).toEqual(['apps/notes.txt', 'apps/web/a.txt', 'readme.md']);
});
