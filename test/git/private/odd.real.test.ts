import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { archived, openInside } from '../inside.ts';

/** Where git's own of the repository, and of the worktree, is inside. */
const PLACES =
  'C=$(git rev-parse --path-format=absolute --git-common-dir); O=$(git rev-parse --absolute-git-dir); pipe() { rm -f "$1"; mkfifo "$1"; }; ';

/** Where git has to read it to bring out what was committed. */
const COMMIT = 'git commit -q --allow-empty -m theirs; ';

describe.skipIf(noSandbox !== undefined)(`what git would wait for (${noSandbox ?? 'there is a sandbox'})`, () => {
  test.each<[string, string, string]>([
    ['HEAD', `pipe $C/HEAD`, 'HEAD is a pipe'],
    ['the HEAD of its worktree', 'pipe $O/HEAD', 'worktrees/a-1/HEAD is a pipe'],
    ['its index', 'pipe $O/index', 'worktrees/a-1/index is a pipe'],
    ['its own configuration', 'mkfifo $O/config.worktree', 'config.worktree is a pipe'],
    ['another branch', 'mkfifo $C/refs/heads/odd', 'refs/heads/odd is a pipe'],
    ['its branch', `${COMMIT}pipe $C/refs/heads/work`, 'refs/heads/work is a pipe'],
    ['the list of refs', 'pipe $C/packed-refs', 'packed-refs is a pipe'],
    ['a list of what is left out', `${COMMIT}pipe $C/info/grafts`, 'info/grafts is a pipe'],
    ['how far back it goes', `${COMMIT}pipe $C/shallow`, 'shallow is a pipe'],
    ['a pack', `${COMMIT}pipe $C/objects/pack/multi-pack-index`, 'objects/pack/multi-pack-index is a pipe'],
    ['a graph of commits', `${COMMIT}pipe $C/objects/info/commit-graph`, 'objects/info/commit-graph is a pipe'],
    [
      'an object',
      `${COMMIT}pipe $C/objects/$(git rev-parse HEAD | sed 's:^..:&/:')`,
      'objects/[0-9a-f]{2}/[0-9a-f]{38} is a pipe',
    ],
    [
      'the log of its stash',
      'echo more >>readme.md; git stash -q; pipe $C/logs/refs/stash',
      'logs/refs/stash is a pipe',
    ],
    ['a branch without an end', 'ln -s /dev/urandom $C/refs/heads/odd', 'refs/heads/odd is a symbolic link'],
    ['a branch as large as a disk', 'truncate -s 1T $C/refs/heads/odd', 'refs/heads/odd is larger than 64 KiB'],
    ['a HEAD as large as a disk', 'truncate -s 1T $C/HEAD', 'HEAD is larger than 64 MiB'],
  ])('[SEC-9] %s: what was to be read is refused at once, and the file named', async (_what, script, why) => {
    await using one = await openInside();
    const { folder, git, inside, worktree } = one;
    inside(`${PLACES}${script}`);
    const begun = performance.now();
    await git.worktreeState(worktree).catch((error: unknown) => expect(error).toMatchObject({ code: 'git/odd' }));
    const refusal = { code: 'git/inside', message: expect.stringMatching(new RegExp(`${folder}.*/${why}$`, 'u')) };
    await expect(git.removeWorktree(worktree)).rejects.toMatchObject(refusal);
    expect(performance.now() - begun).toBeLessThan(60_000);
    expect([existsSync(worktree), archived(one)]).toEqual([true, []]);
  });

  test('[SEC-9] the commit of an agent comes out once what it put in the way is removed as the hint says', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    // What lies in a pack is given out by git.
    inside(`${PLACES}${COMMIT}git repack -dq; mkfifo "$C/refs/heads/it's odd"`);
    const error = await git.worktreeState(worktree).then(
      () => undefined,
      (thrown: Error & { hint: string }) => thrown,
    );
    const command = / do so: (?<command>rm .+?);/u.exec(error!.hint)!.groups!['command']!;
    execFileSync('sh', ['-c', command]);
    expect(await git.worktreeState(worktree)).toMatchObject({ branch: 'work', dirty: [] });
    expect(user('log', '-1', '--format=%s', 'work')).toBe('theirs\n');
  });

  test('[SEC-9] what is put in the way once git reads ends that', async () => {
    await using one = await openInside();
    const { folder, inside, openBeside, worktree } = one;
    inside('git checkout -qb side; git commit -q --allow-empty -m side; git checkout -q work');
    let isPut = false;
    const git = openBeside(() => {
      // The first program that reads there has ended, and others follow.
      if (!isPut) execFileSync('mkfifo', [join(folder, 'refs/heads/late')]);
      isPut = true;
    });
    await expect(git.removeWorktree(worktree)).rejects.toMatchObject({
      code: 'git/inside',
      message: expect.stringContaining('refs/heads/late is a pipe'),
    });
  });

  test.each<[string, string]>([
    ['.gitignore', 'mkfifo .gitignore'],
    ['deep/er/.gitignore', 'mkdir -p deep/er; touch deep/er/a; mkfifo deep/er/.gitignore'],
    ['.gitattributes', 'mkfifo .gitattributes'],
    ['nested/.git/HEAD', 'mkdir -p nested/.git/objects nested/.git/refs; touch nested/a; mkfifo nested/.git/HEAD'],
  ])('[SEC-9] a pipe in the worktree in the place of %s keeps nobody waiting, and is named', async (path, script) => {
    await using one = await openInside();
    const { git, inside, worktree } = one;
    inside(`echo more >>readme.md; git commit -qam theirs; echo again >>readme.md; ${script}`);
    const begun = performance.now();
    const uses = [() => git.worktreeState(worktree), () => git.saveWork(worktree, 'WIP')];
    const said: unknown[] = [];
    for (const use of uses) await use().catch((error: unknown) => said.push(error));
    expect(performance.now() - begun).toBeLessThan(60_000);
    expect(said[0]).toMatchObject({
      code: 'git/held-up',
      message: expect.stringContaining(`${join(worktree, path)} is a pipe`),
    });
    inside(`rm ${path}`);
    await git.saveWork(worktree, 'WIP');
    expect(await git.worktreeState(worktree)).toMatchObject({ branch: 'work', dirty: [] });
  });

  test('[SEC-9] a file as large as a disk keeps nobody from being stopped: it is named, and stays', async () => {
    await using one = await openInside();
    const { git, inside, worktree } = one;
    inside('echo more >more; truncate -s 1T "a b"');
    const refusal = {
      code: 'git/too-large',
      message: expect.stringContaining(`${join(worktree, 'a b')} takes 1048576 MiB`),
    };
    await expect(git.saveWork(worktree, 'WIP')).rejects.toMatchObject(refusal);
    await expect(git.snapshot(worktree, 'WIP')).rejects.toMatchObject(refusal);
    inside('rm "a b"');
    expect(await git.saveWork(worktree, 'WIP')).toMatch(/^[0-9a-f]{40}$/u);
  });
});
