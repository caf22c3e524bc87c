import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openInside } from '../inside.ts';
import { write } from '../world.ts';

const FILES = {
  '.tools/loud.sh': 'cat\n',
  '.tools/soft.sh': 'cat\n',
  '.gitattributes': '*.txt filter=own\n',
  'a.txt': 'a\n',
};

/**
 * A person with filters that they keep in the repository, and an agent that has written others in their place: these say so
 * where the person has something that nobody shut in sees.
 */
const openFiltered = async () => {
  const one = await openInside({ files: FILES });
  const { git, home, inside, user, worktree } = one;
  const person = join(home, 'person');
  write(person, 'key', 'of the person\n');
  user('config', 'filter.own.clean', 'sh .tools/soft.sh %f');
  // git writes files that go through filters before others.
  user('config', 'filter.own.smudge', 'if test -e .tools/loud.sh; then sh .tools/loud.sh %f; else tr a-z A-Z; fi');
  user('config', 'http.extraHeader', 'Bearer 1234');
  await git.privateGit(worktree, one.folder);
  mkdirSync(join(git.commonDir, 'drover'), { recursive: true });
  writeFileSync(join(git.commonDir, 'drover/token'), 'of the swarm');
  const tries = [
    `echo x >${person}/left`,
    `cat ${person}/key`,
    `cat "${git.commonDir}/drover/token"`,
    `grep -rh Bearer "${git.commonDir}/config"`,
    `echo x >"${git.commonDir}/hooks/post-commit"`,
  ];
  const script = (end: string) => `{ ${tries.join('; ')}; } 2>/dev/null; ${end}`;
  const agent = [
    `cat >.tools/loud.sh <<'EOF'\n${script('tr a-z A-Z')}\nEOF`,
    `cat >.tools/soft.sh <<'EOF'\n${script('tr A-Z a-z')}\nEOF`,
    'echo b >b.txt; echo c >"it\'s %f; touch left.txt"; git add .; git commit -qm theirs',
  ];
  inside(agent.join('\n'));
  const { head } = await git.worktreeState(worktree);
  const isUntouched = () => {
    expect(readdirSync(person)).toEqual(['key']);
    expect(existsSync(join(git.commonDir, 'hooks/post-commit'))).toBe(false);
  };
  return { ...one, head, isUntouched };
};

const filesIn = (folder: string, ...names: readonly string[]) =>
  names.map((name) => readFileSync(join(folder, name), 'utf8'));

describe.skipIf(noSandbox !== undefined)(
  `filters on what was written inside (${noSandbox ?? 'there is a sandbox'})`,
  () => {
    test('[SEC-9] they run shut in on a worktree that comes back from the trash, and on each look at it', async () => {
      await using one = await openFiltered();
      const { at, git, inside, isUntouched, worktree } = one;
      inside('echo changed >a.txt');
      const kept = await git.removeWorktree(worktree, at('.drover-trash/a-1'));
      await git.restoreWorktree(worktree, kept!, { branch: 'work' }, null);
      expect((await git.worktreeState(worktree)).dirty).toEqual(['a.txt']);
      isUntouched();
      write(worktree, 'a.txt', 'AGAIN\n');
      const saved = await git.saveWork(worktree, 'WIP');
      expect(one.user('show', `${saved}:a.txt`)).toBe('again\n');
      isUntouched();
    });

    test('[SEC-9] they run shut in on a worktree that is made of it, and where that has another commit checked out', async () => {
      await using one = await openFiltered();
      const { at, first, git, head, isUntouched } = one;
      await git.addWorktree(at('b-1'), { branch: await git.createBranch('next', head) });
      expect(filesIn(at('b-1'), 'b.txt', "it's %f; touch left.txt")).toEqual(['B\n', 'C\n']);
      expect((await git.worktreeState(at('b-1'))).dirty).toEqual([]);
      await git.addWorktree(at('integration'), { commit: first });
      await git.addWorktree(at('integration'), { commit: head });
      await git.checkout(at('integration'), head);
      expect(filesIn(at('integration'), 'b.txt')).toEqual(['B\n']);
      isUntouched();
    });

    test('[SEC-9] they run shut in where it is brought to the checkout of the person', async () => {
      await using one = await openFiltered();
      const { first, git, head, isUntouched, root } = one;
      expect(await git.fastForward('main', first, head)).toEqual({ kind: 'moved' });
      expect(filesIn(root, 'b.txt')).toEqual(['B\n']);
      expect((await git.worktreeState(root)).dirty).toEqual([]);
      isUntouched();
    });

    test('a filter that needs what it does not have there has nothing brought to the checkout of the person', async () => {
      await using one = await openFiltered();
      const { first, git, head, isUntouched, root, user } = one;
      user('config', 'filter.own.smudge', `cat ${one.home}/person/key`);
      const before = user('status', '--porcelain');
      const moved = await git.fastForward('main', first, head);
      expect(moved).toMatchObject({
        kind: 'refused',
        why: expect.stringMatching(/a filter of yours fails.*git merge/u),
      });
      expect([user('rev-parse', 'HEAD').trim(), user('status', '--porcelain')]).toEqual([first, before]);
      expect(existsSync(join(root, 'b.txt'))).toBe(false);
      isUntouched();
    });

    test('[SEC-9] a program that merges files does not find its parts in the checkout of the person', async () => {
      await using one = await openInside({
        files: { 'tools/merge.sh': 'exit 1\n', '.gitattributes': 'f merge=own\n', f: '1\n' },
      });
      const { commit, first, git, home, inside, user, worktree } = one;
      user('config', '--global', 'merge.own.driver', 'sh tools/merge.sh %A');
      inside(`echo 'touch ${home}/left; echo merged >"$1"' >tools/merge.sh; echo 2 >f; git commit -qam theirs`);
      const { head } = await git.worktreeState(worktree);
      await git.fastForward('main', first, head);
      const [ours, theirs] = ['x\n', 'y\n'].map((f) => commit(head, { f }));
      expect((await git.mergeTrees(ours!, theirs!)).kind).toBe('conflict');
      expect(existsSync(join(home, 'left'))).toBe(false);
      user('config', '--global', 'merge.own.driver', 'printf merged >%A');
      expect(await git.mergeTrees(ours!, theirs!)).toMatchObject({ kind: 'merged' });
    });

    test('a filter that is known to run nothing of what lies there has what the person has', async () => {
      await using one = await openInside({ files: { '.gitattributes': '*.bin filter=lfs\n', 'a.bin': 'pointer\n' } });
      const { at, env, home, user } = one;
      write(home, 'person/key', 'large\n');
      write(home, 'tools/git-lfs', `#!/bin/sh\ntest "$1" = smudge && exec cat ${home}/person/key\necho pointer\n`);
      chmodSync(join(home, 'tools/git-lfs'), 0o755);
      user('config', 'filter.lfs.clean', 'git-lfs clean -- %f');
      user('config', 'filter.lfs.smudge', 'git-lfs smudge -- %f');
      user('config', 'filter.lfs.required', 'true');
      const git = one.openSeen({ ...env, PATH: `${home}/tools:${env['PATH']}` }, () => undefined);
      await git.addWorktree(at('b-1'), { commit: one.user('rev-parse', 'work').trim() });
      expect(filesIn(at('b-1'), 'a.bin')).toEqual(['large\n']);
      expect((await git.worktreeState(at('b-1'))).dirty).toEqual([]);
    });

    test('[SEC-9] a filter that was set a moment ago runs shut in at once', async () => {
      await using one = await openInside({ files: FILES });
      const { git, home, inside, user, worktree } = one;
      await git.worktreeState(worktree);
      inside(`echo 'touch ${home}/left; cat' >.tools/soft.sh; echo more >a.txt`);
      user('config', '--global', 'filter.own.clean', 'sh .tools/soft.sh');
      await git.worktreeState(worktree);
      expect(existsSync(join(home, 'left'))).toBe(false);
      user('config', '--global', 'filter.own.clean', 'tr a-z A-Z');
      expect(user('show', `${await git.saveWork(worktree, 'WIP')}:a.txt`)).toBe('MORE\n');
    });

    test('[SEC-9] git is not looked for where somebody works, with a PATH that names it first', async () => {
      await using one = await openInside();
      const { env, home, inside, worktree } = one;
      inside(`printf '#!/bin/sh\\ntouch ${home}/left\\n' >git; chmod 755 git`);
      await one.openSeen({ ...env, PATH: `.:${env['PATH']}` }, () => undefined).worktreeState(worktree);
      expect(existsSync(join(home, 'left'))).toBe(false);
    });
  },
);
