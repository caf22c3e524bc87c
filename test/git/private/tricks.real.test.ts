import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { type Inside, openInside } from '../inside.ts';

/** Everything that the daemon does with a worktree, each whether or not it succeeds; what was refused, in words. */
const doAll = async ({ git, first, worktree }: Inside): Promise<readonly string[]> => {
  const refused: string[] = [];
  const uses = [
    () => git.worktreeState(worktree),
    () => git.writtenFolders(worktree),
    () => git.snapshot(worktree, 'look'),
    () => git.saveWork(worktree, 'save'),
    () => git.worktreeState(worktree),
    () => git.switchTo(worktree, 'main-2'),
    () => git.addWorktree(worktree, { commit: first }),
  ];
  for (const use of uses) await use().catch((error: Error) => refused.push(error.message));
  return refused;
};

describe.skipIf(noSandbox !== undefined)(
  `tricks in a git directory of its own (${noSandbox ?? 'there is one'})`,
  () => {
    test('[SEC-9] a repository in the worktree has nothing run outside, though git by itself would', async () => {
      await using one = await openInside();
      const { at, git, inside, user, worktree } = one;
      const marks = [at('watched'), at('filtered')] as const;
      inside(`
      for name in ${marks.join(' ')}; do
        program=$(basename "$name"); printf '#!/bin/sh\\ntouch %s\\ncat\\n' "$name" >$program; chmod +x $program
      done
      git init -q nested; cd nested; echo one >file; git add file
      git -c user.name=m -c user.email=m@example.org commit -qm nested; cd ..
      git add nested 2>/dev/null; git commit -qm 'with a nested one'
      git -C nested config core.fsmonitor "$PWD/watched"; git -C nested config filter.x.clean "$PWD/filtered"
      echo '* filter=x' >nested/.git/info/attributes; echo two >nested/file; touch -d '2001-01-01' nested/file`);
      await git.createBranch('main-2', one.first);
      await doAll(one);
      expect(marks.map((mark) => existsSync(mark))).toEqual([false, false]);
      expect(user('log', '--format=%s', 'work')).toContain('with a nested one');
      // It is a trick: whoever asks git without a thought has both run.
      inside('git checkout -q work');
      await git.worktreeState(worktree).catch(() => undefined);
      user('-C', join(worktree, 'nested'), 'status');
      expect(marks.map((mark) => existsSync(mark))).toEqual([true, true]);
    });

    test.each<[string, string]>([
      [
        'names with every sign',
        `for n in 'a b' '$(touch ran)' "$(printf 'new\\nline')" '-rf' 'x.lock' '@{-1}'; do printf '%s\\n' $id >"$refs/$n"; done`,
      ],
      ['a name that leads out', `printf 'ref: refs/heads/../../../../main\\n' >"$own/HEAD"`],
      [
        'a name as long as a file',
        `{ printf 'ref: refs/heads/'; head -c 20000000 /dev/zero | tr '\\0' a; echo; } >"$own/HEAD"`,
      ],
      ['a branch as long as a file', `head -c 20000000 /dev/zero | tr '\\0' a >"$refs/work"`],
      ['a branch that is another', `printf 'ref: refs/heads/main\\n' >"$refs/work"`],
      [
        'branches in a circle',
        `printf 'ref: refs/heads/b\\n' >"$refs/work"; printf 'ref: refs/heads/work\\n' >"$refs/b"`,
      ],
      ['a branch of nothing', `printf '%040d\\n' 7 >"$refs/work"`],
      [
        'twenty thousand branches',
        `seq -f "$id refs/heads/n%.0f" 20000 >"$common/packed-refs"; printf '%s\\n' $id >"$refs/work"`,
      ],
      ['a list that is none', `head -c 3000000 /dev/urandom >"$common/packed-refs"`],
    ])(
      '[SEC-9] %s inside: the repository has its own refs, and what is refused is so in a sentence',
      async (_name, script) => {
        await using one = await openInside();
        const { at, git, inside, user, worktree } = one;
        const before = user('for-each-ref', 'refs/heads/main', 'refs/tags', 'refs/remotes');
        await git.createBranch('main-2', one.first);
        inside(`
      git commit -q --allow-empty -m theirs; id=$(git rev-parse HEAD)
      common=$(git rev-parse --git-common-dir); refs=$common/refs/heads; own=$(git rev-parse --git-dir)
      ${script}`);
        for (const message of await doAll(one)) expect(message).toMatch(/^[^\n]{10,900}$/u);
        expect(user('for-each-ref', 'refs/heads/main', 'refs/tags', 'refs/remotes')).toBe(before);
        const names = user('for-each-ref', '--format=%(refname)').trim().split('\n');
        expect(names.filter((name) => !/^refs\/(?:heads\/(?:main|main-2|work)|drover\/[\w/.-]+)$/u.test(name))).toEqual(
          [],
        );
        expect(user('rev-parse', 'main').trim()).toBe(one.first);
        expect([existsSync(join(worktree, 'ran')), existsSync(at('ran')), existsSync('ran')]).toEqual([
          false,
          false,
          false,
        ]);
        expect(user('fsck', '--connectivity-only', '--no-dangling')).toBe('');
      },
    );
  },
);
