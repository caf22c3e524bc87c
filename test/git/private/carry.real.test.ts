import { describe, expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openInside } from '../inside.ts';

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
});
