import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findRepository, openGit } from '../../src/git/open.ts';
import { openProcesses } from '../../src/process/broker.ts';
import { temporaryFolder } from '../helpers/folder.ts';

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Nothing of the machine's own git configuration; everything lies in the test's folder. */
export const isolated = (home: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  XDG_CONFIG_HOME: join(home, '.config'),
});

/** Runs git as a user would, outside of the code under test. */
export const userGit =
  (cwd: string, env: Record<string, string>) =>
  (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'core.hooksPath=/dev/null', ...args], {
      cwd,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

export const write = (root: string, path: string, content: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};

/** A checksum of every file below a folder, the index, HEAD and configuration of its checkout included. */
export const checksum = (root: string, own: readonly string[] = ['HEAD', 'index', 'config']): string => {
  const hash = createHash('sha256');
  const visit = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.name === '.git' && entry.isDirectory()) {
        for (const name of own) hash.update(name).update(readFileSync(join(path, name)));
      } else if (entry.isDirectory()) visit(path);
      else hash.update(path).update(readFileSync(path));
    }
  };
  visit(root);
  return hash.digest('hex');
};

/** A repository with one commit on `main`, in a folder that is gone afterwards. */
export const openWorld = async (
  options: { folder?: string; env?: Record<string, string>; ids?: 'sha1' | 'sha256' } = {},
) => {
  const home = temporaryFolder('git');
  const root = join(home.path, options.folder ?? 'repository');
  mkdirSync(root, { recursive: true });
  const env = isolated(home.path);
  const user = userGit(root, env);
  user('init', '--quiet', '--initial-branch=main', `--object-format=${options.ids ?? 'sha1'}`);
  user('config', 'user.name', 'Ada');
  user('config', 'user.email', 'ada@example.org');
  write(root, 'readme.md', 'one\ntwo\nthree\n');
  user('add', '--all');
  user('commit', '--quiet', '-m', 'first');
  const processes = await openProcesses({ forked: false });
  const find = () => findRepository(root, processes, { ...env, ...options.env });
  const openAt = (place: Awaited<ReturnType<typeof find>>) =>
    openGit({ ...place, processes, env: { ...env, ...options.env } });
  const place = await find();
  const open = () => openAt(place);
  return {
    home: home.path,
    root,
    env,
    user,
    processes,
    open,
    /** The same after its git directory was moved. */
    openThere: async () => openAt(await find()),
    git: open(),
    first: user('rev-parse', 'HEAD').trim(),
    /** A path for a worktree, outside of the repository. */
    at: (name: string) => join(home.path, 'worktrees', name),
    /** A commit on top of another one, with these files, on no branch. */
    commit: (parent: string, files: Record<string, string>): string => {
      const index = { ...env, GIT_INDEX_FILE: join(home.path, 'index-of-the-test') };
      const plumb = userGit(root, index);
      plumb('read-tree', parent);
      for (const [path, content] of Object.entries(files)) {
        write(home.path, 'content-of-the-test', content);
        const blob = plumb('hash-object', '-w', '--no-filters', join(home.path, 'content-of-the-test')).trim();
        plumb('update-index', '--add', '--cacheinfo', `100644,${blob},${path}`);
      }
      return plumb('commit-tree', plumb('write-tree').trim(), '-p', parent, '-m', `with ${Object.keys(files)}`).trim();
    },
    [Symbol.asyncDispose]: async () => {
      await processes[Symbol.asyncDispose]();
      home[Symbol.dispose]();
    },
  };
};

/** Leaves files as they are after a power cut before their content was on the disk: their time stays, which git has written down. */
export const emptyByPowerCut = (worktree: string, names: readonly string[]): void => {
  const paths = names.map((name) => join(worktree, name));
  const then = new Date(1_700_000_000_000);
  for (const path of paths) utimesSync(path, then, then);
  execFileSync('git', ['update-index', '--refresh'], { cwd: worktree });
  for (const path of paths) truncateSync(path);
  for (const path of paths) utimesSync(path, then, then);
};
