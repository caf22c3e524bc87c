import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeMutex } from '../../../src/lib/mutex.ts';
import type { Both } from '../../../src/git/private/both.ts';
import { openPrivates } from '../../../src/git/private/open.ts';
import { gitRunner } from '../../../src/git/run.ts';
import { noSandbox } from '../../helpers/sandbox.ts';
import { archived, type Inside, openInside } from '../inside.ts';

/** What an agent leaves beside its branch: another branch, two entries of the stash, a tag, and odd refs. */
const LEAVES = `
  git checkout -qb side; echo side > side; git add side; git commit -qm side
  git checkout -q --detach work; git commit -q --allow-empty -m tagged; git tag -m t kept-tag
  git checkout -q work; git branch -q again side~0
  for n in one two; do echo $n > readme.md; echo new > new-$n; git stash -q -u; done
  git update-ref refs/odd/tree HEAD^{tree}; git tag odd-blob HEAD:readme.md`;

/** The commits to which those lead, which nothing else has. */
const left = ({ inside }: Inside): readonly string[] =>
  inside('git rev-parse side kept-tag^{commit} stash@{0} stash@{1}').trim().split('\n').toSorted();

describe.skipIf(noSandbox !== undefined)(`what is inside alone (${noSandbox ?? 'there is a sandbox'})`, () => {
  test('[SEC-9] branches, tags and stashes are kept in the archive when a worktree goes', async () => {
    await using one = await openInside();
    const { at, folder, git, inside, user, worktree } = one;
    inside(LEAVES);
    const commits = left(one);
    // What moves in the repository meanwhile is no news of the agent's.
    user('branch', '-f', 'other', one.commit(one.first, { 'other.txt': 'x' }));
    expect((await git.worktreeState(worktree)).dirty).toEqual([]);
    expect(archived(one)).toEqual([]);
    expect(await git.removeWorktree(worktree, at('.drover-trash/a-1'))).toBe(at('.drover-trash/a-1'));
    expect([existsSync(worktree), existsSync(folder), existsSync(`${folder}.gone`)]).toEqual([false, false, false]);
    expect(archived(one)).toEqual(commits);
    expect(archived(one, '%(refname)')).toEqual(
      commits.map((id) => `refs/drover/archive/a-1-inside-${id.slice(0, 12)}`),
    );
    expect(user('for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/tags', 'refs/odd', 'refs/stash')).toBe(
      'refs/heads/main\nrefs/heads/other\nrefs/heads/work\n',
    );
    const stash = commits.find((id) => user('log', '-1', '--format=%s', id).startsWith('WIP on work'))!;
    user('stash', 'apply', '-q', stash);
    expect(user('status', '--porcelain')).toMatch(/^ M readme\.md\n\?\? new-(?:one|two)\n$/u);
    expect(user('fsck', '--strict', '--no-dangling')).toBe('');
  });

  test.each<{ end: string; by: (one: Inside) => Promise<unknown> }>([
    { end: 'goes', by: ({ at, git, worktree }) => git.removeWorktree(worktree, at('.drover-trash/a-1')) },
    { end: 'is deleted', by: ({ git, worktree }) => git.removeWorktree(worktree) },
    { end: 'is not shut in any more', by: ({ git, worktree }) => git.sharedGit(worktree) },
    { end: 'has its work saved', by: ({ git, worktree }) => git.saveWork(worktree, 'WIP of a-1') },
  ])('what is staged inside and nowhere else is kept where its worktree $end', async ({ by }) => {
    await using one = await openInside();
    one.inside('echo staged > readme.md; echo staged > new.txt; git add .; echo changed > readme.md; rm new.txt');
    await by(one);
    const [kept, ...more] = archived(one);
    expect(more).toEqual([]);
    for (const path of ['readme.md', 'new.txt']) expect(one.user('show', `${kept}:${path}`)).toBe('staged\n');
    expect(one.user('fsck', '--strict', '--no-dangling')).toBe('');
  });

  test('what is staged inside and lies in the files as well is kept once', async () => {
    await using one = await openInside();
    one.inside('echo staged > readme.md; git add .; echo new > new.txt; git add --intent-to-add new.txt');
    await one.git.sharedGit(one.worktree);
    expect(archived(one)).toEqual([]);
    expect(one.user('-C', one.worktree, 'status', '--porcelain')).toBe(' M readme.md\n?? new.txt\n');
  });

  test('[SEC-9] [REC-5] where bubblewrap is gone meanwhile it is told as that, and what is inside stays', async () => {
    await using one = await openInside();
    const { at, env, folder, inside, openSeen, worktree } = one;
    inside(LEAVES);
    mkdirSync(at('bin'));
    for (const name of ['git', 'sh'])
      symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), at(`bin/${name}`));
    const git = openSeen({ ...env, PATH: at('bin') }, () => undefined);
    const gone = { code: 'git/sandbox-gone', message: expect.stringContaining('bubblewrap ("bwrap") was not found') };
    await expect(git.removeWorktree(worktree, at('.drover-trash/a-1'))).rejects.toMatchObject(gone);
    inside('git commit -q --allow-empty -m more; git repack -dlq');
    await expect(git.worktreeState(worktree)).rejects.toMatchObject(gone);
    expect([existsSync(worktree), existsSync(folder), archived(one)]).toEqual([true, true, []]);
  });

  test('[SEC-9] they are so when its sandbox goes, and when somebody has deleted its folder', async () => {
    await using one = await openInside();
    const { folder, git, inside, user, worktree } = one;
    inside(LEAVES);
    const commits = left(one);
    await git.sharedGit(worktree);
    expect([existsSync(folder), archived(one)]).toEqual([false, commits]);

    await git.privateGit(worktree, folder);
    inside('git commit -q --allow-empty -m unseen');
    const unseen = inside('git rev-parse HEAD').trim();
    rmSync(worktree, { recursive: true });
    await git.addWorktree(worktree, { branch: 'work' });
    expect(archived(one)).toEqual([...commits, unseen].toSorted());
    expect(user('rev-parse', 'work').trim()).toBe(one.first);
    expect(await git.privateGit(worktree, folder)).toEqual(one.laid);
    inside('git checkout -qb third; git commit -q --allow-empty -m third; git checkout -q work');
    const third = inside('git rev-parse third').trim();
    rmSync(worktree, { recursive: true });
    await git.removeWorktree(worktree);
    expect([existsSync(folder), archived(one)]).toEqual([false, [...commits, unseen, third].toSorted()]);
  });

  test('[SEC-9] one that nothing names any more is looked through before another takes its place', async () => {
    await using one = await openInside();
    const { folder, git, inside, user, worktree } = one;
    inside('git commit -q --allow-empty -m lost');
    const lost = inside('git rev-parse HEAD').trim();
    rmSync(worktree, { recursive: true });
    user('worktree', 'prune');
    await git.addWorktree(worktree, { branch: 'work' });
    expect(archived(one)).toEqual([]);
    await git.privateGit(worktree, folder);
    expect([archived(one), inside('git log --format=%s')]).toEqual([[lost], 'first\n']);
  });

  test('[SEC-9] where something cannot be brought out the worktree stays, until its git directory is moved away', async () => {
    await using one = await openInside();
    const { at, folder, git, home, inside, worktree } = one;
    inside('echo mine > mine');
    const refused = { code: 'git/inside', exit: 6, hint: expect.stringContaining(folder) };
    // A branch of which nobody can tell where it was.
    const branch = '"$(git rev-parse --git-common-dir)/refs/heads/odd"';
    inside(`ln -s /etc/passwd ${branch}`);
    await expect(git.removeWorktree(worktree)).rejects.toMatchObject(refused);
    inside(`rm ${branch}`);
    // A file of a commit on another branch is gone.
    inside(
      'git checkout -qb side; echo gone > gone; git add gone; git commit -qm side; git checkout -q work; G=$(echo gone | git hash-object --stdin); rm -f $(git rev-parse --git-common-dir)/objects/$(echo $G | cut -c1-2)/$(echo $G | cut -c3-)',
    );
    await expect(git.removeWorktree(worktree, at('.drover-trash/a-1'))).rejects.toMatchObject(refused);
    await expect(git.removeWorktree(worktree)).rejects.toMatchObject(refused);
    await expect(git.sharedGit(worktree)).rejects.toMatchObject(refused);
    expect(inside('cat mine; git log --format=%s side')).toBe('mine\nside\nfirst\n');
    expect(archived(one)).toEqual([]);
    renameSync(folder, join(home, 'aside'));
    await git.removeWorktree(worktree);
    expect([existsSync(worktree), existsSync(join(home, 'aside'))]).toEqual([false, true]);
  });

  test('[SEC-9] more than can be kept stays where it is', async () => {
    await using one = await openInside();
    const { folder, git, inside, worktree } = one;
    const branches = (count: number) =>
      inside(
        `seq ${count} | awk '{ print "commit refs/heads/b" $1 "\\ncommitter a <a@b> " $1 " +0000\\ndata 1\\nx\\n" }' | git fast-import --quiet --force`,
      );
    branches(1001);
    await expect(git.removeWorktree(worktree)).rejects.toMatchObject({
      code: 'git/inside',
      message: expect.stringContaining('more than 1000 branches and stashes'),
    });
    expect([existsSync(worktree), existsSync(folder)]).toEqual([true, true]);
    inside('git for-each-ref --format="delete %(refname)" "refs/heads/b*" | tail -n +4 | git update-ref --stdin');
    await git.removeWorktree(worktree);
    expect(archived(one)).toHaveLength(3);
  });

  test('[SEC-9] folders as deep as nobody can name hold up no removal, in a worktree or in its git directory', async () => {
    await using one = await openInside();
    const { at, folder, git, inside, worktree } = one;
    const deep = `perl -e 'for (1..2100) { mkdir "d"; chdir "d" } open(F, ">file"); chmod 0, "."'`;
    inside(`${deep}; cd "$(git rev-parse --git-common-dir)"; for at in refs/heads; do ( cd $at; ${deep} ); done`);
    await git.removeWorktree(worktree);
    const left = readdirSync(dirname(worktree)).filter((name) => name !== '.drover-trash');
    expect([existsSync(folder), existsSync(`${folder}.gone`), left]).toEqual([false, false, []]);
    expect(existsSync(at('.drover-trash'))).toBe(false);
  });

  test('[SEC-9] what it has put in the place of a rebase goes, or is named', async () => {
    await using one = await openInside();
    const { git, inside, worktree } = one;
    inside('echo one >one; mkdir -p "$(git rev-parse --absolute-git-dir)/rebase-merge/a/b/c/d/e/f"');
    await git.saveWork(worktree, 'WIP');
    expect(inside('git log -1 --format=%s')).toBe('WIP\n');
    const deep = 'perl -e \'for (1..300) { mkdir "d"; chdir "d" }\'';
    inside(`echo two >one; cd "$(git rev-parse --absolute-git-dir)"; mkdir rebase-merge; cd rebase-merge; ${deep}`);
    await expect(git.saveWork(worktree, 'WIP')).rejects.toMatchObject({
      code: 'git/linked',
      message: expect.stringMatching(/rebase-merge", because it has folders/u),
    });
  });

  test('[SEC-9] a removal that was cut off while it deleted is brought to its end', async () => {
    await using one = await openInside();
    const { folder, git, inside, laid, worktree } = one;
    inside('git checkout -qb side; git commit -q --allow-empty -m side; git checkout -q work');
    mkdirSync(`${folder}.gone`);
    cpSync(join(folder, 'refs'), join(`${folder}.gone`, 'refs'), { recursive: true });
    await git.sharedGit(worktree);
    expect([existsSync(`${folder}.gone`), archived(one).length]).toEqual([false, 1]);
    expect(await git.privateGit(worktree, folder)).toEqual(laid);
    // Where nothing is to be kept a branch of the repository that a power cut has emptied is no hindrance.
    writeFileSync(join(git.commonDir, 'refs/heads/emptied'), '');
    await git.removeWorktree(worktree);
    expect([existsSync(worktree), existsSync(folder)]).toEqual([false, false]);
  });

  test('what was brought inside is forgotten with the git directory', async () => {
    await using one = await openInside();
    const { folder, git, home, processes, root, sandbox, user, worktree } = one;
    const brought: Both['brought'] = new Map();
    const { commonDir } = git;
    const privates = openPrivates(
      {
        ...{ root, commonDir, run: gitRunner({ processes, env: one.env, root }), exclusive: makeMutex() },
        inWorktree: (path, work) => work(path),
        ...{
          detach: async () => {},
          moving: (_at, _to, work) => work(),
          settle: async () => {},
          archive: async () => '',
        },
      },
      {
        sandbox,
        home,
        configHome: `${home}/.config`,
        brought,
        filters: async () => ({ settings: [], filters: [], drivers: [] }),
      },
    );
    let tip = one.first;
    const bring = async () => {
      tip = one.commit(tip, { base: tip });
      user('update-ref', 'refs/heads/work', tip);
      await privates.carry(worktree);
    };
    await bring();
    expect([...brought.keys()]).toEqual([folder]);
    await privates.sharedGit(worktree);
    expect(brought.size).toBe(0);
    await privates.privateGit(worktree, folder);
    await bring();
    expect(brought.size).toBe(1);
    await privates.drop(join(commonDir, 'worktrees/a-1'));
    expect([brought.size, existsSync(folder)]).toEqual([0, false]);
  });
});
