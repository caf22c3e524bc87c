import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openInside } from '../inside.ts';
import { userGit, write } from '../world.ts';

const LOCAL = ['-c', 'protocol.file.allow=always'] as const;

/** A worktree with a submodule, which whoever made it ready for work has filled or not. */
const openWithSubmodule = async () => {
  const one = await openInside();
  const { env, git, home, root, sandbox, user } = one;
  const library = join(home, 'library');
  mkdirSync(library);
  const inLibrary = userGit(library, env);
  inLibrary('init', '-q', '-b', 'main');
  write(library, 'part', 'of the library\n');
  inLibrary('add', '.');
  inLibrary('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-qm', 'part');
  user(...LOCAL, 'submodule', 'add', '-q', library, 'library');
  user('commit', '-qm', 'with a submodule');
  const worktree = one.at('b-1');
  await git.addWorktree(worktree, { branch: await git.createBranch('filled', user('rev-parse', 'main').trim()) }, []);
  const shutIn = async () => {
    const laid = await git.privateGit(worktree, join(home, 'private/b-1/git'));
    const [program = '', ...words] = await sandbox.wall({
      ...{ mode: 'worktree', worktree, root, commonDir: git.commonDir, network: 'none' },
      git: { kind: 'private', ...laid },
      home: { at: home, folder: null },
      ...{ hidden: [], read: [], write: [] },
    });
    return (script: string): string =>
      execFileSync(program, [...words, 'sh', '-c', `{ ${script}; } 2>&1`], { env, encoding: 'utf8' });
  };
  return { ...one, worktree, shutIn, inWorktree: userGit(worktree, env) };
};

test.skipIf(noSandbox !== undefined)(
  `[SEC-9] a submodule that was there before is there inside, to be read${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  async () => {
    await using one = await openWithSubmodule();
    const { git, worktree } = one;
    const empty = await one.shutIn();
    expect(empty('git status --short; ls library')).toBe('');
    // What somebody inside has put in its place is gone by the next start.
    empty('ln -s ../../hooks "$(git rev-parse --absolute-git-dir)/modules"');
    one.inWorktree(...LOCAL, 'submodule', 'update', '-q', '--init');
    const inside = await one.shutIn();
    expect(inside('git status --short; git -C library log --format=%s; cat library/part')).toBe(
      'part\nof the library\n',
    );
    expect(inside('echo more >>library/part; echo b >b; git add b; git commit -qm b; git status --short')).toBe(
      ' m library\n',
    );
    const modules = join(git.commonDir, 'worktrees/b-1/modules/library');
    inside(`git -C library config core.fsmonitor 'touch ran'; echo x >${modules}/hooks/post-commit; true`);
    expect(one.inWorktree('-C', 'library', 'config', '--default', 'none', '--get', 'core.fsmonitor')).toBe('none\n');
    expect(existsSync(join(modules, 'hooks/post-commit'))).toBe(false);
    expect((await git.worktreeState(worktree)).dirty).toEqual([]);
    expect(one.inWorktree('log', '-1', '--format=%s')).toBe('b\n');
    inside('ln -s ../../../person library/link; echo "touch ran; cat" >library/clean.sh');
    one.user('config', 'filter.own.clean', 'sh clean.sh');
    await git.removeWorktree(worktree);
    const kept = 'refs/drover/archive/b-1-in-library';
    expect(one.user('ls-tree', '-r', '--name-only', kept)).toBe('clean.sh\nlink\npart\n');
    expect(one.user('show', `${kept}:part`)).toBe('of the library\nmore\n');
  },
);
