import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { archived, openInside } from '../inside.ts';

describe.skipIf(noSandbox !== undefined)(`both sides of a worktree (${noSandbox ?? 'there is a sandbox'})`, () => {
  test('a branch that is freed is so inside at once, and what is committed there afterwards stays', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    inside('echo a > a; git add a; git commit -qm mine');
    const { head } = await git.worktreeState(worktree);
    // What nobody has looked at yet is on the branch all the same.
    inside('echo b > a; git commit -qam more');
    await git.addWorktree(worktree, { commit: head });
    expect(inside('git branch --show-current; git rev-parse HEAD').trim()).toBe(head);
    expect(user('log', '--format=%s', 'work')).toBe('more\nmine\nfirst\n');
    inside('echo c > c; git add c; git commit -qm later');
    const later = inside('git rev-parse HEAD').trim();
    expect(await git.worktreeState(worktree)).toMatchObject({ branch: null, head: later, dirty: [] });
    expect(inside('git rev-parse HEAD; git log -1 --format=%s work').trim()).toBe(`${later}\nmore`);
    expect(user('log', '-1', '--format=%s', 'work')).toBe('more\n');
  });

  test('[SEC-9] where both sides moved, the commits of the branch and of the HEAD of the agent are kept', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    inside('git commit -q --allow-empty -m branch; git checkout -q --detach main; git commit -q --allow-empty -m head');
    const theirs = inside('git rev-parse work HEAD').trim().split('\n').toSorted();
    const moved = one.commit(one.first, { base: 'x' });
    user('update-ref', 'refs/heads/work', moved);
    expect(await git.worktreeState(worktree)).toMatchObject({ branch: 'work', head: moved });
    expect(archived(one)).toEqual(theirs);
    // A branch that is only behind is nobody's news.
    user('-C', worktree, 'reset', '-q', '--hard');
    const next = await git.createBranch('next', one.first);
    await git.switchTo(worktree, next);
    const ahead = one.commit(moved, { base: 'y' });
    user('update-ref', 'refs/heads/work', ahead);
    await git.switchTo(worktree, 'work');
    expect([inside('git rev-parse HEAD').trim(), archived(one)]).toEqual([ahead, theirs]);
  });

  test('[SEC-9] where the branch cannot be moved the index stays as the branch is, and the next look brings it', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    inside('echo a > a; git add a; git commit -qm mine');
    const lock = join(git.commonDir, 'refs/heads/work.lock');
    writeFileSync(lock, '');
    await expect(git.worktreeState(worktree)).rejects.toMatchObject({ code: 'git/busy' });
    expect(user('-C', worktree, 'status', '--porcelain')).toBe('?? a\n');
    rmSync(lock);
    expect(await git.worktreeState(worktree)).toMatchObject({ head: inside('git rev-parse HEAD').trim(), dirty: [] });
    expect(user('reflog', '--format=%gs', 'work').split('drover: harvest')).toHaveLength(2);
  });

  test('[SEC-9] a commit that is named as a branch is, is kept like any other', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    const id = inside('git commit-tree -p HEAD -m named HEAD^{tree}').trim();
    await git.switchTo(worktree, await git.createBranch(`for-${id}`, one.first));
    inside(`git reset -q --hard ${id}`);
    const moved = one.commit(one.first, { base: 'x' });
    user('update-ref', `refs/heads/for-${id}`, moved);
    expect((await git.worktreeState(worktree)).head).toBe(moved);
    expect(archived(one)).toEqual([id]);
  });

  test('work that is saved in the middle of a merge inside has not merged what is not decided, on both sides', async () => {
    await using world = await openInside({ files: { 'a.txt': 'base\n' } });
    const { git, worktree, inside, tries, user } = world;
    inside('cd "$PWD"; echo theirs > a.txt; git commit -qam theirs; git branch other; git reset -q --hard HEAD~1');
    inside('echo ours > a.txt; git commit -qam ours; echo new > new.txt');
    expect(tries('git merge -q other')).not.toBe(0);
    const ours = inside('git rev-parse HEAD').trim();
    const saved = (await git.saveWork(worktree, 'WIP'))!;
    expect(user('rev-list', '--parents', '-1', saved).trim().split(' ')).toEqual([saved, ours]);
    expect(user('ls-tree', '--name-only', saved).trim().split('\n')).toContain('new.txt');
    expect([
      await git.underWay(worktree),
      inside('git status --porcelain'),
      inside('git rev-parse HEAD').trim(),
    ]).toEqual([null, '', saved]);
  });

  test.each(['--detach', '-b elsewhere'])('what is committed inside on no branch of ours (%s) is kept', async (how) => {
    await using one = await openInside();
    const { git, worktree, inside, user } = one;
    expect(await git.keepHead(worktree, 'a-1')).toBe(null);
    inside(`git checkout -q ${how}; echo a >a; git add a; git commit -qm alone`);
    const head = inside('git rev-parse HEAD').trim();
    expect([await git.keepHead(worktree, 'a-1'), await git.keepHead(worktree, 'a-1')]).toEqual([
      'refs/drover/archive/a-1',
      null,
    ]);
    await git.switchTo(worktree, await git.createBranch('next', one.first));
    user('gc', '--quiet', '--prune=now');
    expect(user('rev-parse', 'refs/drover/archive/a-1').trim()).toBe(head);
  });

  test('a change that is hidden inside is seen outside, and the flags are gone with the branch', async () => {
    await using one = await openInside({ files: { x: 'x\n', y: 'y\n' } });
    const { git, worktree, inside } = one;
    inside('echo a >a; git add a; git commit -qm a; git update-index --assume-unchanged x; echo hidden >x');
    inside('git update-index --skip-worktree y; echo hidden >y; git status --porcelain');
    await git.unhide(worktree);
    expect((await git.worktreeState(worktree)).dirty).toEqual(['x', 'y']);
    await git.saveWork(worktree, 'WIP');
    await git.switchTo(worktree, await git.createBranch('next', one.first));
    expect(inside('git ls-files -v')).toBe('H readme.md\n');
    expect(inside('git show work:x work:y')).toBe('hidden\nhidden\n');
  });

  test.each([true, false])('a rebase in the middle inside is given up on both sides (clean: %s)', async (isClean) => {
    await using one = await openInside({ files: { 'a.txt': 'base\n' } });
    const { git, worktree, inside, tries, user } = one;
    inside('echo theirs >a.txt; git commit -qam theirs; git branch other; git reset -q --hard HEAD~1');
    inside('echo ours >a.txt; git commit -qam ours; echo more >b; git add b; git commit -qm more');
    expect(tries('git rebase -q other')).not.toBe(0);
    if (isClean) inside('git reset -q --hard; git commit -q --allow-empty -m picked');
    const head = inside('git rev-parse HEAD').trim();
    const work = inside('git rev-parse work').trim();
    const next = await git.createBranch('next', one.first);
    await expect(git.switchTo(worktree, next)).rejects.toMatchObject({ code: 'git/under-way' });
    const given = await git.giveUp(worktree, 'a-1', 'WIP');
    expect(given).toEqual({ what: 'rebase', kept: ['refs/drover/archive/a-1'] });
    expect(user('rev-parse', `refs/drover/archive/a-1${isClean ? '' : '^'}`).trim()).toBe(head);
    if (!isClean) expect(user('show', 'refs/drover/archive/a-1:a.txt')).toContain('<<<<<<<');
    expect([await git.underWay(worktree), await git.giveUp(worktree, 'a-1', 'WIP')]).toEqual([null, null]);
    await git.switchTo(worktree, next);
    expect(inside('git status --porcelain; git branch --show-current; git rev-parse work').trim()).toBe(
      `next\n${work}`,
    );
  });
});
