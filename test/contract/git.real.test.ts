import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { landMerge } from '../../src/git/land.ts';
import { sandboxOf } from '../../src/lib/paths.ts';
import type { CommitInfo } from '../../src/ports/index.ts';
import { noSandbox } from '../helpers/sandbox.ts';
import { openTestTarget, TARGET_KINDS } from './target-kinds.ts';

/** The git directory on which an instance works: that of the repository, or one of its own, in which it is shut in. */
const GIT_KINDS = ['shared', 'private'] as const;

type Kind = { readonly target: (typeof TARGET_KINDS)[number]; readonly gitKind: (typeof GIT_KINDS)[number] };

const stage = async ({ target: kind, gitKind }: Kind) => {
  const opened = await openTestTarget(kind);
  const user = opened.git;
  const { env, paths, target } = opened;
  const { git } = target;
  const first = user('rev-parse', 'HEAD');

  /** The words that stand before what the agent of a worktree runs. */
  const wallOf = async (name: string, path: string): Promise<readonly string[]> => {
    if (gitKind === 'shared') return [];
    const laid = await git.privateGit(path, sandboxOf(paths, name).git);
    return target.sandbox.wall({
      ...{ mode: 'worktree', worktree: path, root: paths.root, commonDir: paths.commonDir, network: 'none' },
      git: { kind: 'private', ...laid },
      home: { at: env['HOME']!, folder: null },
      ...{ hidden: [], read: await git.ownPlaces(), write: [] },
    });
  };

  /** A worktree of an instance, on a branch of its own, with these files committed by its agent. */
  const worktree = async (name: string, files: Record<string, string> = {}) => {
    const path = join(paths.worktrees, name);
    const branch = await git.createBranch(`drover/${name}`, first);
    await git.addWorktree(path, { branch });
    const wall = await wallOf(name, path);
    /** What the agent has a shell do. */
    const agent = (script: string): string => {
      const [program, ...words] = [...wall, 'sh', '-ec', script];
      return execFileSync(program!, words, { cwd: path, env, encoding: 'utf8' }).trim();
    };
    for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content);
    if (Object.keys(files).length > 0) agent(`git add --all; git commit -qm 'Work of ${name}'`);
    const { head } = await git.worktreeState(path);
    return { path, branch, commit: head, agent };
  };
  return { ...opened, user, git, first, worktree };
};

const kinds = TARGET_KINDS.flatMap((target) => GIT_KINDS.map((gitKind) => ({ target, gitKind })));

describe.each(kinds.filter(({ gitKind }) => gitKind === 'shared' || noSandbox === undefined))(
  'git of a $target target, $gitKind',
  (kind) => {
    test('it knows its repository, names and branches', async () => {
      await using it = await stage(kind);
      const { git, first } = it;
      expect([git.root, git.commonDir]).toEqual([it.root, join(it.root, '.git')]);
      expect(await git.currentBranch()).toBe('main');
      expect([await git.resolve('main'), await git.resolve('nowhere')]).toEqual([first, null]);
      expect([await git.validBranch('a/b'), await git.validBranch('a..b')]).toEqual([true, false]);
      expect(await git.createBranch('drover/a', first)).toBe('drover/a');
      expect(await git.createBranch('drover/a', first)).toBe('drover/a-2');
      expect((await git.branches()).map(({ branch }) => branch).toSorted()).toEqual(['drover/a', 'drover/a-2', 'main']);
      expect(await git.describe(first)).toMatchObject({
        commit: first,
        subject: 'first',
      } satisfies Partial<CommitInfo>);
      expect(await git.place(`${it.root}/../${it.root.split('/').at(-1)}/x`)).toBe(join(it.root, 'x'));
    });

    test('[SEC-9] what the person ignores, marks and checks in every repository holds for an agent as well', async () => {
      await using it = await stage(kind);
      const home = it.env['HOME']!;
      for (const folder of ['.config/git', '.hooks']) mkdirSync(join(home, folder), { recursive: true });
      writeFileSync(join(home, '.config/git/ignore'), '.env\n');
      writeFileSync(join(home, '.marks'), '*.txt of-mine\n');
      writeFileSync(join(home, '.hooks/pre-commit'), '#!/bin/sh\necho checked >.env\n', { mode: 0o755 });
      it.user('config', '--global', 'core.attributesFile', '~/.marks');
      it.user('config', '--global', 'core.hooksPath', join(home, '.hooks'));
      const { agent } = await it.worktree('a');
      const says = 'git show --name-only --format= HEAD; cat .env; git check-attr of-mine a.txt';
      expect(agent(`echo key >.env; echo a >a.txt; git add --all; git commit -qm work; ${says}`).split('\n')).toEqual([
        ...['a.txt', 'checked', 'a.txt: of-mine: set'],
      ]);
    });

    test('worktrees come and go with their branches, and what is in them is saved', async () => {
      await using it = await stage(kind);
      const { git, first } = it;
      const { path, branch } = await it.worktree('a');
      expect([await git.hasWorktree(path), await git.hasWorktree(`${path}-not`)]).toEqual([true, false]);
      expect(await git.worktrees()).toContainEqual(expect.objectContaining({ path, branch }));
      writeFileSync(join(path, 'grün "x"'), 'text');
      expect(await git.worktreeState(path)).toEqual({ branch, head: first, dirty: ['grün "x"'] });
      expect(await git.snapshot(path, 'As it stands')).toMatch(/^[0-9a-f]{40}$/);
      const saved = (await git.saveWork(path, 'WIP\n\nwith a body'))!;
      expect([await git.saveWork(path, 'nothing'), await git.snapshot(path, 'nothing')]).toEqual([null, null]);
      expect(await git.readFile(saved, 'grün "x"')).toBe('text');
      expect(await git.readFile(first, 'grün "x"')).toBeNull();
      expect(await git.changes(first, saved)).toEqual({ commits: 1, files: 1, insertions: 1, deletions: 0 });
      expect(await git.divergence(first, saved)).toEqual({ ahead: 1, behind: 0 });
      expect(await git.commitCount(first, saved)).toBe(1);
      expect((await git.commits(first, saved)).map(({ subject }) => subject)).toEqual(['WIP']);
      expect((await git.diff(first, saved)).files).toEqual([{ path: 'grün "x"', insertions: 1, deletions: 0 }]);
      expect([await git.isAncestor(first, saved), await git.isAncestor(saved, first)]).toEqual([true, false]);
      const other = await git.createBranch('drover/b', first);
      await git.switchTo(path, other);
      await git.checkout(path, saved);
      await git.attach(path, branch);
      expect(await git.worktreeState(path)).toEqual({ branch, head: saved, dirty: [] });
      expect(await git.unlock(path, branch)).toBe(false);
      expect(await git.archive('a', saved)).toBe('refs/drover/archive/a');
      await git.removeWorktree(path);
      expect(await git.hasWorktree(path)).toBe(false);
    });

    test('what is too large for a commit is told, and left out of one only where that is said', async () => {
      await using it = await stage(kind);
      const { git } = it;
      const { path } = await it.worktree('a');
      expect(await git.unkept(path)).toEqual([]);
      for (const file of ['small', 'large']) writeFileSync(join(path, file), file);
      truncateSync(join(path, 'large'), 3 * 1024 ** 3);
      expect(await git.unkept(path)).toEqual([{ path: 'large', mib: 3072 }]);
      await expect(git.snapshot(path, 'no')).rejects.toMatchObject({ code: 'git/too-large' });
      const kept = (await git.snapshot(path, 'As it stands', { partly: true }))!;
      expect([await git.readFile(kept, 'small'), await git.readFile(kept, 'large')]).toEqual(['small', null]);
    });

    test('what is meant for one branch leaves a worktree alone that has another one checked out by now', async () => {
      await using it = await stage(kind);
      const { git, first } = it;
      const { path, branch } = await it.worktree('a');
      const next = await git.createBranch('drover/next', first);
      await git.switchTo(path, next);
      writeFileSync(join(path, 'new'), 'of the next task');
      expect(await git.saveWork(path, 'of the last one', branch)).toBeNull();
      await git.addWorktree(path, { commit: first, from: branch });
      await git.switchTo(path, branch, branch);
      expect(await git.worktreeState(path)).toMatchObject({ branch: next, head: first, dirty: ['new'] });
      const saved = await git.saveWork(path, 'of this one', next);
      expect(await git.resolve(`refs/heads/${next}`)).toBe(saved);
      await git.switchTo(path, branch, next);
      await git.addWorktree(path, { commit: first, from: branch });
      expect(await git.worktreeState(path)).toMatchObject({ branch: null, head: first });
    });

    test('what an agent does in its worktree is seen at the next look, and what is done for it is there for the agent', async () => {
      await using it = await stage(kind);
      const { git, user, first } = it;
      const { path, branch, commit, agent } = await it.worktree('a', { x: 'one\n' });
      expect([await git.resolve(branch), await git.worktreeState(path)]).toEqual([
        commit,
        { branch, head: commit, dirty: [] },
      ]);
      expect(agent('git log --format=%s; git status --porcelain')).toBe('Work of a\nfirst');
      agent("echo two >x; git commit -qam two; echo three >x; git stash -q; git tag mine; echo new >'ü new'");
      const two = agent('git rev-parse HEAD');
      expect(await git.worktreeState(path)).toEqual({ branch, head: two, dirty: ['ü new'] });
      expect((await git.commits(first, two)).map(({ subject }) => subject)).toEqual(['two', 'Work of a']);
      // A base that moved meanwhile comes in with it, and the agent goes on from there.
      const base = user('commit-tree', `${first}^{tree}`, '-p', first, '-m', 'base');
      const from = await git.createBranch('drover/base', first);
      await git.moveBranch(from, first, base);
      const saved = (await git.saveWork(path, 'WIP'))!;
      expect(agent('git rev-parse HEAD; git status --porcelain')).toBe(saved);
      expect(agent('git stash pop -q; git diff --name-only; git checkout -q x')).toBe('x');
      agent('git rebase -q drover/base; git commit -q --amend -m "WIP, again"');
      const { head } = await git.worktreeState(path);
      expect([await git.isAncestor(base, head), (await git.commits(base, head)).length]).toEqual([true, 3]);
      await git.switchTo(path, await git.createBranch('drover/next', base));
      expect(agent('git branch --show-current; git rev-parse HEAD')).toBe(`drover/next\n${base}`);
      user('gc', '--quiet', '--prune=now');
      expect([await git.resolve(branch), agent('git fsck --connectivity-only --no-dangling')]).toEqual([head, '']);
    });

    test('work is merged in memory, with edits on top, and a branch moves only from where it was', async () => {
      await using it = await stage(kind);
      const { git, user, first } = it;
      const [a, b] = [await it.worktree('a', { plan: '[ ] 1\n' }), await it.worktree('b', { other: 'b\n' })];
      const landing = await landMerge(git, {
        ...{ ours: a.commit, theirs: b.commit, message: 'Merge b\n\nDrover-Task: 1' },
        edit: async (read) => [{ path: 'plan', content: (await read('plan'))!.replace('[ ]', '[x]') }],
      });
      const commit = landing.kind === 'landed' ? landing.commit : '';
      expect(user('show', '--no-patch', '--format=%P|%s', commit)).toBe(`${a.commit} ${b.commit}|Merge b`);
      expect([await git.readFile(commit, 'plan'), await git.readFile(commit, 'other')]).toEqual(['[x] 1\n', 'b\n']);
      const joined = await git.joined([a.commit, b.commit], 'Join');
      expect(joined.kind).toBe('landed');
      expect(await git.moveBranch('drover/integration', null, first)).toBe(true);
      expect(await git.moveBranch('drover/integration', a.commit, commit)).toBe(false);
      expect(await git.moveBranch('drover/integration', first, commit)).toBe(true);
      expect(await git.resolve('drover/integration')).toBe(commit);
    });

    test('what a merge brought is taken back in memory, and it is told which branches hold a commit', async () => {
      await using it = await stage(kind);
      const { git, user, first } = it;
      const [a, b] = [
        await it.worktree('a', { x: 'a\n', plan: '[x] 1\n[ ] 2\n' }),
        await it.worktree('b', { y: 'b\n' }),
      ];
      const landing = await landMerge(git, { ours: a.commit, theirs: b.commit, message: 'Merge b' });
      const tip = landing.kind === 'landed' ? landing.commit : '';
      const back = await git.revertTrees({ tip, before: first, after: a.commit, unchanged: [] });
      const tree = back.kind === 'merged' ? back.tree : '';
      expect(user('ls-tree', '-r', '--name-only', tree).split('\n').toSorted()).toEqual(
        user('ls-tree', '-r', '--name-only', b.commit).split('\n').toSorted(),
      );
      const unchanged = [{ path: 'plan', content: '[x] 1\n[ ] 2\n' }];
      const kept = await git.revertTrees({ tip, before: first, after: a.commit, unchanged });
      expect(await git.readFile(kept.kind === 'merged' ? kept.tree : '', 'plan')).toBe('[x] 1\n[ ] 2\n');
      const commit = await git.commitMerge({ ours: tip, theirs: tip, tree, edits: [], message: 'Take a back' });
      expect(user('show', '--no-patch', '--format=%P|%T', commit)).toBe(`${tip}|${tree}`);
      user('tag', 'seen', tip);
      user('update-ref', 'refs/remotes/origin/x', a.commit);
      expect(await git.refsWith(a.commit)).toEqual(['refs/heads/drover/a', 'refs/remotes/origin/x', 'refs/tags/seen']);
    });

    test('what came after it and changed the same is a conflict when it is taken back', async () => {
      await using it = await stage(kind);
      const { path, commit } = await it.worktree('a', { x: 'a\n' });
      writeFileSync(join(path, 'x'), 'later\n');
      const tip = (await it.git.saveWork(path, 'later'))!;
      const back = await it.git.revertTrees({ tip, before: it.first, after: commit, unchanged: [] });
      expect(back).toMatchObject({ kind: 'conflict', files: ['x'] });
    });

    test('it is told what a commit has that others have not, and what was taken back is merged once more', async () => {
      await using it = await stage(kind);
      const { git, user, first } = it;
      const [a, b] = [await it.worktree('a', { x: 'a\n' }), await it.worktree('b', { y: 'b\n' })];
      a.agent('echo more >z; git add z; git commit -qm more');
      const { head: theirs } = await git.worktreeState(a.path);
      expect((await git.commitsWithout(theirs, [first])).toSorted()).toEqual([a.commit, theirs].toSorted());
      expect(await git.commitsWithout(theirs, [a.commit, b.commit])).toEqual([theirs]);
      expect(await git.commitsWithout(a.commit, [theirs])).toEqual([]);
      const names = async (ours: string) => {
        const merged = await git.mergeTrees(ours, theirs);
        return merged.kind === 'merged' ? user('ls-tree', '-r', '--name-only', merged.tree).split('\n') : merged;
      };
      const landing = await landMerge(git, { ours: b.commit, theirs: a.commit, message: 'Merge a' });
      const tip = landing.kind === 'landed' ? landing.commit : '';
      const back = await git.revertTrees({ tip, before: b.commit, after: tip, unchanged: [] });
      const tree = back.kind === 'merged' ? back.tree : '';
      const ours = await git.commitMerge({ ours: tip, theirs: tip, tree, edits: [], message: 'Take a back' });
      // The history has it, so that a plain merge brings only what came after it.
      expect(await names(ours)).not.toContain('x');
      const before = await git.withHistoryBefore(ours, { before: b.commit, theirs });
      expect(user('show', '--no-patch', '--format=%P|%T', before)).toBe(`${first}|${tree}`);
      expect(await names(before)).toEqual(expect.arrayContaining(['x', 'y', 'z']));
    });

    test('a conflict is told with its files', async () => {
      await using it = await stage(kind);
      const [a, b] = [await it.worktree('a', { x: 'a\n' }), await it.worktree('b', { x: 'b\n' })];
      const conflict = { kind: 'conflict', files: ['x'], detail: expect.stringContaining('CONFLICT') };
      expect(await it.git.mergeTrees(a.commit, b.commit)).toEqual(conflict);
      expect(await it.git.joined([a.commit, b.commit], 'no')).toEqual(conflict);
      expect([await it.git.clashes(a.commit, b.commit), await it.git.clashes(a.commit, it.first)]).toEqual([
        true,
        false,
      ]);
    });

    test('a patch of a megabyte comes whole', async () => {
      await using it = await stage(kind);
      const text = Array.from({ length: 40_000 }, (_, i) => `line ${i} \u0001 \\ "ü"`).join('\n');
      const { commit } = await it.worktree('a', { big: `${text}\n` });
      const { patch } = await it.git.diff(it.first, commit);
      expect(patch.length).toBeGreaterThan(1_000_000 / 2);
      expect(patch.split('\n').filter((line) => line.startsWith('+line'))).toHaveLength(40_000);
    });

    test('what git refuses rejects with its code', async () => {
      await using it = await stage(kind);
      const { path } = await it.worktree('a', { x: 'one' });
      writeFileSync(join(path, 'x'), 'two');
      const nowhere = it.git.addWorktree(`${path}-2`, { branch: 'nowhere' });
      await expect(nowhere).rejects.toMatchObject({ code: 'git/no-such-branch', exit: 3 });
      await it.git.createBranch('drover/b', it.first);
      await expect(it.git.switchTo(path, 'drover/b')).rejects.toMatchObject({
        ...{ name: 'AppError', code: 'git/dirty', exit: 6, message: expect.stringContaining('x') },
      });
      await expect(it.git.addWorktree(it.root, { commit: it.first })).rejects.toMatchObject({ code: 'git/not-ours' });
    });
  },
);
