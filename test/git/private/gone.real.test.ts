import { appendFileSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openInside } from '../inside.ts';

describe.skipIf(noSandbox !== undefined)(`a git directory that is gone (${noSandbox ?? 'there is a sandbox'})`, () => {
  test('[SEC-9] work is saved without it, and it is made anew of what the repository has', async () => {
    await using one = await openInside();
    const { folder, git, inside, laid, user, worktree } = one;
    inside('echo mine >mine; git add mine; git commit -qm mine');
    await git.worktreeState(worktree);
    inside('git commit -q --allow-empty -m lost');
    renameSync(folder, `${folder}.aside`);
    appendFileSync(join(worktree, 'mine'), 'more\n');
    // As when it is stopped, and looked at, and stopped once more.
    for (const message of ['WIP', 'more WIP']) {
      expect(await git.saveWork(worktree, message)).toMatch(/^[0-9a-f]{40}$/u);
      expect(await git.worktreeState(worktree)).toMatchObject({ branch: 'work', dirty: [] });
      appendFileSync(join(worktree, 'mine'), 'again\n');
    }
    expect(existsSync(folder)).toBe(false);
    expect(await git.privateGit(worktree, folder)).toEqual(laid);
    expect(inside('git log --format=%s; git status --porcelain')).toBe('more WIP\nWIP\nmine\nfirst\n M mine\n');
    inside('git commit -qam later');
    await git.worktreeState(worktree);
    expect(user('log', '-1', '--format=%s', 'work')).toBe('later\n');
  });

  test('[SEC-9] a worktree goes without it, and one that leaves folders out as well', async () => {
    await using one = await openInside({ files: { 'a/a': 'a\n', 'b/b': 'b\n' }, folders: ['a'] });
    const { folder, git, worktree } = one;
    renameSync(folder, `${folder}.aside`);
    appendFileSync(join(worktree, 'a/a'), 'more\n');
    await git.saveWork(worktree, 'WIP');
    await git.removeWorktree(worktree);
    expect(existsSync(worktree)).toBe(false);
  });
});
