import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bareRepository, brokenLink, folderGone, notARepository } from '../../src/client/errors.ts';
import { locate } from '../../src/client/locate.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const place = () => {
  const folder = temporaryFolder('locate');
  onTestFinished(() => folder[Symbol.dispose]());
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder.path, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (cwd: string, ...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.c', '-c', 'protocol.file.allow=always', ...args], {
      cwd,
      env,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const repository = (name: string): string => {
    const root = join(folder.path, name);
    mkdirSync(root, { recursive: true });
    git(root, 'init', '-q', '-b', 'main');
    git(root, 'commit', '-q', '--allow-empty', '-m', 'first');
    return root;
  };
  return { path: folder.path, env, git, repository };
};

const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

test('a folder deep in a repository belongs to the swarm of its top', () => {
  const { repository, env } = place();
  const root = repository('app');
  mkdirSync(join(root, 'a/b'), { recursive: true });
  expect(locate(join(root, 'a/b'), env)).toEqual(locate(root, env));
  expect(locate(root, env)).toMatchObject({
    root,
    commonDir: `${root}/.git`,
    state: `${root}/.git/drover`,
    socket: `${root}/.git/drover/drover.sock`,
    config: `${root}/.drover/config.json`,
  });
});

test('[SEC-9] in a sandbox the socket of the same repository is taken by its other name', () => {
  const { repository, env } = place();
  const root = repository('app');
  const usual = locate(root, env);
  const socketBy = (given: string) => locate(root, { ...env, DROVER_SOCKET: given }).socket;
  const other = `${usual.socket}.d/drover.sock`;
  expect(socketBy(other)).toBe(other);
  expect(socketBy(`/tmp/.drover-7/${usual.key}.sock.d/drover.sock`)).toContain(`/${usual.key}.sock.d/`);
  expect(socketBy('/elsewhere/.git/drover/drover.sock.d/drover.sock')).toBe(usual.socket);
});

test('a linked worktree belongs to the swarm of its repository', () => {
  const { repository, git, path, env } = place();
  const root = repository('app');
  git(root, 'worktree', 'add', '-q', join(path, 'elsewhere'));
  expect(locate(join(path, 'elsewhere'), env)).toEqual(locate(root, env));
});

test('a path with blanks and letters of all languages is taken as it is, and its worktrees get a name for every shell', () => {
  const { repository, path, env } = place();
  const root = repository('Büro $(x) 界');
  const { key, worktrees, state } = locate(root, env);
  expect(state).toBe(`${root}/.git/drover`);
  expect(worktrees).toBe(join(path, '.local/share/drover/worktrees', `Büro-x-界-${key}`));
});

test('a submodule is a repository of its own, also seen from a worktree of it', () => {
  const { repository, git, path, env } = place();
  const outer = repository('outer');
  const inner = repository('inner');
  git(outer, 'submodule', '--quiet', 'add', inner, 'part');
  const part = join(outer, 'part');
  const found = locate(part, env);
  expect(found).toMatchObject({ root: part, commonDir: join(outer, '.git/modules/part') });
  git(part, 'worktree', 'add', '-q', join(path, 'side'));
  expect(locate(join(path, 'side'), env)).toEqual(found);
  expect(locate(outer, env).root).toBe(outer);
});

test('a git directory that lies elsewhere does not move the checkout', () => {
  const { path, git, env } = place();
  const root = join(path, 'work');
  mkdirSync(root);
  mkdirSync(join(path, 'store'));
  git(path, 'init', '-q', '--separate-git-dir', join(path, 'store/.git'), root);
  expect(locate(root, env)).toMatchObject({ root, commonDir: join(path, 'store/.git') });
  const linked = join(path, 'linked');
  mkdirSync(linked);
  symlinkSync(join(path, 'store/.git'), join(linked, '.git'));
  expect(locate(linked, env)).toMatchObject({ root: linked, commonDir: join(path, 'store/.git') });
});

test('a worktree of a bare repository is where its swarm works', () => {
  const { path, git, repository, env } = place();
  git(path, 'clone', '-q', '--bare', repository('app'), 'bare.git');
  git(join(path, 'bare.git'), 'worktree', 'add', '-q', join(path, 'work'), 'main');
  expect(locate(join(path, 'work'), env)).toMatchObject({
    root: join(path, 'work'),
    commonDir: join(path, 'bare.git'),
  });
});

test('what is no place to work in is refused with what to do', () => {
  const { path, git, repository, env } = place();
  expect(thrown(() => locate(path, env))).toSatisfy(notARepository.matches);
  git(path, 'clone', '-q', '--bare', repository('app'), 'bare.git');
  expect(thrown(() => locate(join(path, 'bare.git/refs'), env))).toSatisfy(bareRepository.matches);
  expect(thrown(() => locate(join(path, 'nowhere'), env))).toSatisfy(folderGone.matches);
  git(join(path, 'app'), 'worktree', 'add', '-q', join(path, 'side'));
  rmSync(join(path, 'app'), { recursive: true });
  expect(thrown(() => locate(join(path, 'side'), env))).toSatisfy(brokenLink.matches);
});

test('the inside of a git directory is named as that, with its checkout', () => {
  const { path, git, repository, env } = place();
  const root = repository('app');
  const sub = repository('lib');
  git(root, 'worktree', 'add', '-q', join(path, 'side'));
  git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', sub, 'lib');
  const inside: readonly (readonly [string, string])[] = [
    ['.git', root],
    ['.git/refs/heads', root],
    ['.git/worktrees/side', root],
    ['.git/modules/lib', join(root, 'lib')],
  ];
  for (const [folder, checkout] of inside) {
    const error = thrown(() => locate(join(root, folder), env));
    expect(error).toMatchObject({ code: 'client/inside-git', hint: `Go to ${checkout}.` });
    expect(error).not.toSatisfy(bareRepository.matches);
  }
  mkdirSync(join(path, 'store'));
  git(path, 'init', '-q', '--separate-git-dir', join(path, 'store/app.git'), join(path, 'apart'));
  expect(thrown(() => locate(join(path, 'store/app.git'), env))).toMatchObject({
    code: 'client/inside-git',
    hint: 'Go to a checkout of it.',
  });
  // A bare one may be called so as well, beside its worktrees.
  git(path, 'clone', '-q', '--bare', root, 'project/.git');
  expect(thrown(() => locate(join(path, 'project/.git'), env))).toSatisfy(bareRepository.matches);
});

test('a socket whose path would be too long for the system lies in the runtime folder, else in a private one', () => {
  const { path, repository, env } = place();
  const root = repository(`${'long/'.repeat(20)}app`);
  const { key } = locate(root, env);
  expect(locate(root, { ...env, XDG_RUNTIME_DIR: path }).socket).toBe(`${path}/drover/${key}.sock`);
  const private_ = locate(root, { ...env, XDG_RUNTIME_DIR: '' }).socket;
  expect(private_).toMatch(/\/\.drover-\d+\/[0-9a-f]{8}\.sock$/);
  expect(locate(root, { ...env, XDG_RUNTIME_DIR: root }).socket).toBe(private_);
});

test('a configuration of a submodule that names no checkout leaves the worktree in charge', () => {
  const { path, env } = place();
  const store = join(path, 'store');
  mkdirSync(join(store, 'worktrees/w'), { recursive: true });
  writeFileSync(join(store, 'worktrees/w/commondir'), '../..\n');
  mkdirSync(join(path, 'w'));
  writeFileSync(join(path, 'w/.git'), `gitdir: ${store}/worktrees/w\n`);
  expect(locate(join(path, 'w'), env).root).toBe(join(path, 'w'));
});
