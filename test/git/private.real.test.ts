import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noSandbox } from '../helpers/sandbox.ts';
import { GONE, openInside } from './inside.ts';
import { write } from './world.ts';

/** Lets daemons die after this and each further step that something takes, until one comes to its end; at which that was. */
const dieAtEachStep = async (
  attempt: (steps: number) => Promise<unknown>,
  then: () => Promise<void>,
  by = 1,
): Promise<number> => {
  for (let steps = 0; ; steps += by) {
    const message = await attempt(steps).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(['', GONE]).toContain(message);
    await then();
    if (message === '') return steps;
  }
};

describe.skipIf(noSandbox !== undefined)(`a git directory of its own (${noSandbox ?? 'there is a sandbox'})`, () => {
  test.each(['two\nlines', '"quoted\\" %f $(id)'])(
    'a repository in a folder called %j has one as well',
    async (name) => {
      await using one = await openInside({ folder: name });
      const { first, git, inside, user, worktree } = one;
      inside('echo a >a; git add a; git commit -qm theirs');
      expect((await git.worktreeState(worktree)).branch).toBe('work');
      expect(user('log', '--format=%s', 'work')).toBe('theirs\nfirst\n');
      await git.createBranch('next', first);
      await git.switchTo(worktree, 'next');
      expect(inside('git log --format=%s')).toBe('first\n');
      await git.removeWorktree(worktree);
    },
  );

  test('[SEC-9] what is committed inside is in the repository at the next look, and what the daemon does is inside', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    expect(inside('git status --porcelain; git log --format=%s; git branch --show-current')).toBe('first\nwork\n');

    inside('echo a > a; git add a; git commit -qm "inside"; git commit -q --amend -m "inside, better"; git gc -q');
    const seen = await git.worktreeState(worktree);
    expect(seen).toMatchObject({ branch: 'work', dirty: [] });
    expect(user('log', '--format=%s', 'work')).toBe('inside, better\nfirst\n');
    expect(user('rev-parse', 'work').trim()).toBe(seen.head);
    expect(user('-C', worktree, 'status', '--porcelain')).toBe('');

    // What was left is committed by the daemon, and is so inside.
    inside('echo b > b; echo more >> a; git add b; mkdir .claude');
    expect((await git.worktreeState(worktree)).dirty.toSorted()).toEqual(['a', 'b']);
    const saved = await git.saveWork(worktree, 'WIP');
    expect(inside('git status --porcelain; git log --format=%s -1')).toBe('WIP\n');
    expect(inside('git rev-parse HEAD').trim()).toBe(saved);

    // A new base and a new branch come from the repository.
    const base = one.commit(one.first, { 'base.txt': 'new base\n' });
    user('branch', '-f', 'other', base);
    await git.switchTo(worktree, await git.createBranch('feature/two', base));
    expect(inside('cat base.txt; git branch --show-current; git rev-parse other').trim()).toBe(
      `new base\nfeature/two\n${base}`,
    );
    inside('echo c > c; git add c; git commit -qm two; git rebase -q work');
    expect((await git.worktreeState(worktree)).branch).toBe('feature/two');
    expect(user('log', '--format=%s', 'feature/two')).toBe('two\nwith base.txt\nWIP\ninside, better\nfirst\n');
    expect(user('fsck', '--connectivity-only', '--no-dangling')).toBe('');
    user('gc', '--quiet', '--prune=now');
    expect(inside('git fsck --connectivity-only --no-dangling; git status --porcelain')).toBe('');
  });

  test('[SEC-9] what a worktree leaves out is so inside, and work there is seen on both sides', async () => {
    const files = { 'apps/a': 'one\n', 'libs/b': 'one\n', 'libs/c': 'one\n' };
    await using one = await openInside({ files, folders: ['apps'] });
    const { git, inside, user, worktree } = one;
    expect(inside('git status --porcelain; ls; git sparse-checkout list')).toBe('apps\nreadme.md\napps\n');
    inside('mkdir libs; echo two > libs/b; echo two > libs/new');
    const status = ' M libs/b\n?? libs/new\n';
    expect([inside('git status --porcelain'), user('-C', worktree, 'status', '--porcelain')]).toEqual([status, status]);
    inside('git add --sparse libs; git commit -qm inside; echo three > libs/b');
    expect((await git.worktreeState(worktree)).dirty).toEqual(['libs/b']);
    const names = () => user('ls-tree', '-r', '--name-only', 'work').trim().split('\n');
    expect(names()).toEqual([...Object.keys(files), 'libs/new', 'readme.md']);
    const saved = await git.saveWork(worktree, 'WIP');
    expect([inside('git rev-parse HEAD').trim(), inside('git status --porcelain'), names().length]).toEqual([
      saved,
      '',
      5,
    ]);
    // What another branch has, and what is merged inside, is left out as well.
    const theirs = one.commit(saved!, { 'libs/c': 'theirs\n', 'apps/a': 'theirs\n' });
    inside(`git merge -q ${theirs}`);
    expect((await git.worktreeState(worktree)).dirty).toEqual([]);
    expect(inside('cat apps/a; test ! -e libs/c; git status --porcelain')).toBe('theirs\n');
    await git.switchTo(worktree, await git.createBranch('next', one.first));
    expect(inside('git status --porcelain; ls')).toBe('readme.md\n');
    inside('git sparse-checkout add libs; git switch -q work; git status --porcelain; cat libs/c');
    expect((await git.worktreeState(worktree)).dirty).toEqual([]);
  });

  test('[SEC-9] a new daemon takes up what is inside, and it goes with its worktree or its sandbox', async () => {
    await using one = await openInside();
    const { folder, git, inside, laid, open, user, worktree } = one;
    inside(
      'echo a > a; git add a; git commit -qm "while nobody looked"; git switch -qc mine; git update-ref refs/heads/main mine',
    );
    const again = open();
    // The branch that was made inside has no name outside, and that of the person has not moved.
    expect(await again.worktreeState(worktree)).toMatchObject({ branch: null, dirty: [] });
    expect(user('log', '--format=%s', 'work')).toBe('while nobody looked\nfirst\n');
    expect(user('branch', '--format=%(refname:short)').trim().split('\n').slice(-2)).toEqual(['main', 'work']);
    expect(user('rev-parse', 'main').trim()).toBe(one.first);
    inside('git switch -q work; git merge -q --no-edit --no-commit main 2>/dev/null || true');
    expect(await again.privateGit(worktree, folder)).toEqual(laid);
    expect(await again.snapshot(worktree, 'nothing left')).toBeNull();

    inside('echo b > b; git add b; git commit -qm last');
    await again.sharedGit(worktree);
    expect(existsSync(folder)).toBe(false);
    expect(user('log', '--format=%s', '-1', 'work')).toBe('last\n');
    await again.sharedGit(worktree);
    await git.privateGit(worktree, folder);
    await git.removeWorktree(worktree);
    expect(existsSync(folder)).toBe(false);
  });

  test('[SEC-9] nothing that git runs, follows or believes can be written inside', async () => {
    await using one = await openInside();
    const { git, tries, user, worktree } = one;
    const common = git.commonDir;
    const attempts = [
      `git config core.fsmonitor 'touch ${one.home}/ran'`,
      `echo x > ${common}/hooks/post-commit`,
      `rm ${common}/config`,
      `mv ${common}/config ${common}/c`,
      `mv ${common}/worktrees/a-1 ${common}/worktrees/b`,
      `mv ${common}/worktrees ${common}/w`,
      `mv ${common}/objects/info ${common}/objects/i`,
      `mv ${common}/objects ${common}/o`,
      `echo /etc > ${common}/objects/info/alternates`,
      `echo .. > ${common}/worktrees/a-1/commondir`,
      `echo /x > ${common}/worktrees/a-1/gitdir`,
      `rm -rf ${worktree}/.git; test ! -e ${worktree}/.git`,
      `mv ${worktree} ${worktree}-moved`,
      `rm -rf ${common}/drover/objects/??; test -z "$(ls ${common}/drover/objects)"`,
      `echo x >> ${one.root}/readme.md`,
      `umount ${common}/config`,
      'touch /usr/x',
    ];
    expect(attempts.filter((script) => tries(script) === 0)).toEqual([]);
    expect(existsSync(join(one.home, 'ran'))).toBe(false);
    expect(user('fsck', '--connectivity-only', '--no-dangling')).toBe('');
  });

  test('[SEC-9] nor while the daemon writes it anew before whoever is at work, and no key of its environment is inside', async () => {
    await using one = await openInside();
    const { folder, git, laid, user, worktree } = one;
    const seen: unknown[] = [];
    const daemon = one.openSeen({ ...one.env, API_KEY: 'the key' }, ({ file, args, env }) => {
      if (file === 'bwrap' || args.join(' ').includes('bwrap')) seen.push(env?.['API_KEY']);
    });
    const common = git.commonDir;
    const places = ['config', 'worktrees/a-1/commondir', 'worktrees/a-1/gitdir'].map((name) => `${common}/${name}`);
    const script = `echo ready; read -r go; git config alias.x y; git commit -q --allow-empty -m new; git repack -dlq; for f in ${places.join(' ')}; do echo x >$f; done; git config user.name; git config alias.x`;
    const atWork = one.starts(script);
    await atWork.ready;
    user('config', 'user.name', 'Eve');
    expect(await daemon.privateGit(worktree, folder)).toEqual(laid);
    expect((await atWork.go()).split('\n')).toEqual(['Eve', '']);
    expect((await daemon.worktreeState(worktree)).dirty).toEqual([]);
    expect([user('log', '--format=%s', '-1', 'work'), new Set(seen)]).toEqual(['new\n', new Set([undefined])]);
  });

  test('[SEC-9] a link in its git directory leads nothing that the daemon writes to what it cannot write itself', async () => {
    await using one = await openInside();
    const { folder, git, inside, worktree } = one;
    const logs = `${git.commonDir}/logs/refs/heads`;
    for (const name of ['config', 'objects/info/alternates', 'worktrees/a-1/commondir']) {
      const before = readFileSync(join(folder, name), 'utf8');
      inside(`mkdir -p '${logs}'; ln -sfn '${git.commonDir}/${name}' '${logs}/work'; echo more >> left`);
      // What was left is committed by the daemon, and the branch inside follows: with a reflog, where git can write one.
      await git.saveWork(worktree, 'WIP').catch(() => undefined);
      await git.worktreeState(worktree).catch(() => undefined);
      expect([name, readFileSync(join(folder, name), 'utf8')]).toEqual([name, before]);
      inside(`rm '${logs}/work'`);
      expect(await git.worktreeState(worktree)).toMatchObject({ branch: 'work', dirty: [] });
      expect(inside('git log -1 --format=%s')).toBe('WIP\n');
    }
  });

  test('[SEC-9] what the repository has already does not come again', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    const objects = () =>
      [...user('count-objects', '-v').matchAll(/^(?:count|in-pack): (?<n>\d+)$/gmu)].reduce(
        (sum, { groups }) => sum + Number(groups!['n']),
        0,
      );
    const before = objects();
    inside('for n in $(seq 150); do echo $n > f$n; done; git add .; git commit -qm many');
    expect((await git.worktreeState(worktree)).dirty).toEqual([]);
    expect(objects() - before).toBe(152);

    user('branch', 'theirs', one.commit(one.first, { 'theirs.txt': 'theirs\n' }));
    await git.switchTo(worktree, await git.createBranch('two', one.first));
    inside('git merge -q --no-edit theirs; git commit -q --allow-empty -m few');
    const after = objects();
    await git.worktreeState(worktree);
    expect(objects() - after).toBe(1);
    expect(user('log', '--format=%s', '-2', 'two')).toBe('few\nwith theirs.txt\n');
    // Nothing at all is new: the branch is where another one is.
    inside('git reset -q --hard theirs');
    await git.worktreeState(worktree);
    expect(user('rev-parse', 'two')).toBe(user('rev-parse', 'theirs'));
    expect(user('fsck', '--strict', '--no-dangling')).toBe('');
  });

  test('the files of a checkout are read once, and not at each look', async () => {
    await using one = await openInside();
    const { git, worktree } = one;
    const index = join(git.commonDir, 'worktrees/a-1/index');
    const old = Date.now() / 1000 - 60;
    utimesSync(index, old, old);
    expect((await git.worktreeState(worktree)).dirty).toEqual([]);
    const written = statSync(index).mtimeMs;
    expect(written).toBeGreaterThan(old * 1000 + 1000);
    utimesSync(index, written / 1000 - 30, written / 1000 - 30);
    await git.worktreeState(worktree);
    const settled = statSync(index).mtimeMs;
    await git.worktreeState(worktree);
    expect(statSync(index).mtimeMs).toBe(settled);
  });

  test('[SEC-9] what a person has git let pass in a fetch passes here as well', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    const id = inside(
      'T=$(git rev-parse HEAD); B=$(echo x | git hash-object -w --stdin); printf "0100644 a\\0" > t; echo $B | perl -ne "chomp; print pack(chr(72).chr(42), \\$_)" >> t; R=$(git hash-object -t tree -w --literally t); rm t; git commit-tree -p $T -m padded $R',
    ).trim();
    inside(`git update-ref refs/heads/work ${id}; git reset -q`);
    await expect(git.worktreeState(worktree)).rejects.toMatchObject({ code: 'git/not-brought' });
    user('config', 'fetch.fsck.zeroPaddedFilemode', 'ignore');
    expect((await git.worktreeState(worktree)).head).toBe(id);
  });

  test('[SEC-9] a partial clone asks nobody for what whoever works inside names', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    const far = join(one.home, 'far.git');
    user('init', '-q', '--bare', far);
    user('-C', far, 'config', 'uploadpack.allowFilter', 'true');
    user('-C', far, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    writeFileSync(join(one.home, 'far.txt'), 'nobody has asked for this\n');
    const blob = user('-C', far, 'hash-object', '-w', join(one.home, 'far.txt')).trim();
    user('remote', 'add', 'origin', far);
    user('config', 'remote.origin.promisor', 'true');
    user('config', 'remote.origin.partialclonefilter', 'blob:none');
    user('config', 'core.repositoryformatversion', '1');
    user('config', 'extensions.partialClone', 'origin');
    // A commit of before holds it, the one that is checked out does not.
    const made = (parent: string, tree: string) => user('commit-tree', '-p', parent, '-m', 'made', tree).trim();
    const had = execFileSync('git', ['mktree', '--missing'], {
      ...{ cwd: one.root, env: one.env, encoding: 'utf8', input: `100644 blob ${blob}\ts\n` },
    }).trim();
    const old = made(one.first, had);
    const tip = made(old, user('rev-parse', `${one.first}^{tree}`).trim());
    await git.switchTo(worktree, await git.createBranch('two', tip));
    const id = inside(
      `R=$(printf "100644 blob ${blob}\\tother\\n" | git mktree --missing); C=$(git commit-tree -p ${tip} -m c $R); echo "$C ${tip} ${old}" > "$(git rev-parse --git-common-dir)/info/grafts"; echo $C`,
    ).trim();
    inside(`echo ${id} > "$(git rev-parse --git-common-dir)/refs/heads/two"`);
    await expect(git.worktreeState(worktree)).rejects.toMatchObject({ code: 'git/not-brought' });
    user('config', '--unset', 'extensions.partialClone');
    user('config', '--unset', 'remote.origin.promisor');
    expect(user('cat-file', '--batch-all-objects', '--batch-check')).not.toContain(blob);
  });

  test('[SEC-9] a history that lacks a piece, or that git must not check out, stays inside', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    const tip = inside('git rev-parse HEAD').trim();
    const wrong = [
      // A tree that is not there, told by a commit that is written by hand.
      'printf "tree %040d\\nparent $T\\nauthor a <a@b> 1 +0000\\ncommitter a <a@b> 1 +0000\\n\\nx\\n" 1 | git hash-object -t commit -w --stdin --literally',
      // A file of a commit before the last one is taken away.
      'echo gone > gone; git add gone; G=$(git hash-object gone); git commit -qm one; git rm -q gone; git commit -qm two; rm -f $(git rev-parse --git-common-dir)/objects/$(echo $G | cut -c1-2)/$(echo $G | cut -c3-); git rev-parse HEAD',
      // A folder of git's own, which no checkout may write.
      'B=$(echo x | git hash-object -w --stdin); E=$(printf "100644 blob $B\\tconfig\\n" | git mktree); R=$(printf "040000 tree $E\\t.git\\n" | git mktree --missing); git commit-tree -p $T -m dot $R',
      // A submodule whose address is a program: this is seen when all other objects are there already.
      'printf "[submodule \\"x\\"]\\n\\tpath = x\\n\\turl = --upload-pack=evil\\n" > .gitmodules; git add .gitmodules; git commit -qm evil; git rev-parse HEAD',
      // A history that says of itself that it begins later than it does.
      'P=$(printf "tree $(git rev-parse HEAD^{tree})\\nparent %040d\\nauthor a <a@b> 1 +0000\\ncommitter a <a@b> 1 +0000\\n\\nx\\n" 2 | git hash-object -t commit -w --stdin --literally); echo $P > $(git rev-parse --git-common-dir)/shallow; echo $P',
    ];
    for (const script of wrong) {
      const id = inside(`T=${tip}; ${script}`).trim();
      inside(`echo ${id} > "$(git rev-parse --git-common-dir)/refs/heads/work"`);
      // What was refused once is so again: nothing of it stays that the next look would find there.
      for (let looks = 0; looks < 2; looks += 1) {
        await expect(git.worktreeState(worktree), script).rejects.toMatchObject({ code: 'git/not-brought' });
        expect(user('rev-parse', 'work').trim()).toBe(tip);
      }
      inside(
        `rm -f "$(git rev-parse --git-common-dir)/shallow"; git update-ref refs/heads/work ${tip}; git reset -q --hard`,
      );
      expect((await git.worktreeState(worktree)).head).toBe(tip);
    }
    expect(user('fsck', '--connectivity-only', '--no-dangling', 'work', 'main')).toBe('');
  });

  test('[SEC-9] what is odd in a private git directory hurts nobody but its own agent', async () => {
    await using one = await openInside();
    const { folder, git, home, inside, root, user, worktree } = one;
    const secret = join(home, 'secret');
    mkdirSync(secret);
    write(root, 'other.txt', 'x');
    // Links that lead out: a ref, the index, the log, the objects, HEAD.
    inside('echo a > a; git add a; git commit -qm one');
    expect((await git.worktreeState(worktree)).branch).toBe('work');
    const refs = join(folder, 'refs/heads');
    const id = readFileSync(join(refs, 'work'), 'utf8');
    rmSync(join(refs, 'work'));
    symlinkSync(join(git.commonDir, 'refs/heads/main'), join(refs, 'work'));
    await git.worktreeState(worktree).catch(() => undefined);
    expect(user('log', '--format=%s', 'work')).toBe('one\nfirst\n');
    rmSync(join(refs, 'work'));
    writeFileSync(join(refs, 'work'), id);
    const head = join(folder, 'worktrees/a-1/HEAD');
    writeFileSync(head, 'ref: refs/heads/../../../../../../etc/passwd\n');
    await git.worktreeState(worktree).catch(() => undefined);
    rmSync(head);
    symlinkSync('/etc/passwd', head);
    await git.worktreeState(worktree).catch(() => undefined);
    rmSync(head);
    writeFileSync(head, 'ref: refs/heads/work\n');
    symlinkSync(secret, join(folder, 'worktrees/a-1/index.lock'));
    await expect(git.switchTo(worktree, await git.createBranch('next', one.first))).rejects.toMatchObject({
      code: 'git/odd',
    });
    expect(user('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe(
      'refs/heads/main\nrefs/heads/next\nrefs/heads/work\n',
    );
    expect(readFileSync(join(root, 'readme.md'), 'utf8')).toBe('one\ntwo\nthree\n');
    expect(user('log', '--format=%s', 'work')).toBe('one\nfirst\n');
  });

  test('[SEC-9] wherever a harvest is cut off, the next one loses nothing and does nothing twice', async () => {
    await using one = await openInside();
    const { inside, open, openDying, openKilled, user, worktree } = one;
    inside('echo kept > staged; git add staged');
    const made: string[] = [];
    const commit = (name: string) => {
      made.push(name);
      inside(`echo ${name} > file; git add file; git commit -qm ${name} -- file`);
    };
    const agrees = async () => {
      const { dirty, head } = await open().worktreeState(worktree);
      expect(dirty).toEqual(['staged']);
      expect(inside('git rev-parse HEAD; git status --porcelain').trim()).toBe(`${head}\nA  staged`);
      expect(user('log', '--format=%s', 'work').trim().split('\n')).toEqual([...made.toReversed(), 'first']);
      expect(user('reflog', '--format=%gs', 'work').split('drover: harvest').length - 1).toBe(made.length);
      expect(user('for-each-ref', 'refs/drover/archive')).toBe('');
    };
    const died = await dieAtEachStep((steps) => {
      commit(`commit-${steps}`);
      return openDying(steps).worktreeState(worktree);
    }, agrees);
    expect(died).toBeGreaterThan(1);
    for (const command of ['index-pack', 'rev-list', 'unpack-objects', 'update-ref', 'reset'])
      for (const when of ['before', 'after'] as const) {
        commit(`${when}-${command}`);
        await expect(openKilled(command, when).worktreeState(worktree)).rejects.toThrow(GONE);
        await agrees();
      }
    expect(user('fsck', '--connectivity-only', '--no-dangling')).toBe('');
  });

  test('[SEC-9] what is committed while a harvest goes on is brought out by the next', async () => {
    await using one = await openInside();
    const { inside, open, openBeside, user, worktree } = one;
    inside('echo one > a; git add a; git commit -qm one');
    let left = 1;
    const busy = openBeside(() => left-- > 0 && inside('echo two > a; git commit -qam two'));
    await busy.worktreeState(worktree);
    expect(user('log', '--format=%s', '-1', 'work')).toBe('one\n');
    expect(await open().worktreeState(worktree)).toMatchObject({ branch: 'work', dirty: [] });
    expect(user('log', '--format=%s', 'work')).toBe('two\none\nfirst\n');
  });

  test('[SEC-9] little comes out as single objects and much as a pack, and what nobody has checked stays apart', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    const packs = () => Number(/^packs: (?<n>\d+)$/mu.exec(user('count-objects', '-v'))?.groups?.['n']);
    const left = join(git.commonDir, 'drover/incoming/a-1');
    // As one leaves it that is killed.
    mkdirSync(join(left, 'pack'), { recursive: true });
    writeFileSync(join(left, 'pack/pack-1.pack'), 'half');
    inside('echo a > a; git add a; git commit -qm little');
    expect((await git.worktreeState(worktree)).dirty).toEqual([]);
    expect([packs(), existsSync(left)]).toEqual([0, false]);
    inside('head -c 300000 /dev/urandom > much; git add much; git commit -qm much');
    expect((await git.worktreeState(worktree)).dirty).toEqual([]);
    expect([packs(), existsSync(left)]).toEqual([1, false]);
    expect(user('log', '--format=%s', 'work')).toBe('much\nlittle\nfirst\n');
    expect(user('fsck', '--strict', '--no-dangling')).toBe('');
  });

  test('[SEC-9] little comes out with no program inside, and so it does where part of it lies in a pack', async () => {
    await using one = await openInside();
    const { git: at, inside, openSeen, user, worktree } = one;
    let walls = 0;
    const git = openSeen(one.env, ({ args }) => (walls += Number(args.join(' ').includes('bwrap'))));
    inside('mkdir d; echo a > d/a; git add d; git commit -qm one; echo b > d/b; git add d; git commit -qm two');
    expect(await git.worktreeState(worktree)).toMatchObject({ branch: 'work', dirty: [] });
    expect([walls, user('log', '--format=%s', 'work')]).toEqual([0, 'two\none\nfirst\n']);
    inside('echo c > c; git add c; git commit -qm packed; git repack -dlq; echo d > c; git commit -qam single');
    expect(await git.worktreeState(worktree)).toMatchObject({ branch: 'work', dirty: [] });
    expect([walls, user('log', '-2', '--format=%s', 'work')]).toEqual([1, 'single\npacked\n']);
    expect(user('count-objects', '-v')).toContain('packs: 0\n');
    expect(existsSync(join(at.commonDir, 'drover/incoming/a-1'))).toBe(false);
    expect(user('fsck', '--strict', '--no-dangling')).toBe('');
  });

  test('[SEC-9] nothing comes out that is not what its name says, or that a link in the place of objects leads to', async () => {
    await using one = await openInside();
    const { git, home, inside, user, worktree } = one;
    const far = join(home, 'far.git');
    user('init', '-q', '--bare', far);
    writeFileSync(join(home, 'far.txt'), 'of somebody else\n');
    const blob = user('-C', far, 'hash-object', '-w', join(home, 'far.txt')).trim();
    const [folder, file] = [blob.slice(0, 2), blob.slice(2)];
    const objects = 'O=$(git rev-parse --git-common-dir)/objects';
    const commit = (id: string) =>
      `git update-ref refs/heads/work $(git commit-tree -p main -m odd $(printf "100644 blob ${id}\\todd\\n" | git mktree --missing))`;
    const [odd, notBrought] = ['git/odd', 'git/not-brought'];
    const wrong = [
      [odd, `ln -s ${far}/objects/${folder} $O/${folder}; ${commit(blob)}`],
      [notBrought, `mkdir $O/${folder}; ln -s ${far}/objects/${folder}/${file} $O/${folder}/${file}; ${commit(blob)}`],
      [
        notBrought,
        `mkdir $O/${folder}; A=$(echo other | git hash-object -w --stdin); cp $O/$(echo $A | cut -c1-2)/$(echo $A | cut -c3-) $O/${folder}/${file}; ${commit(blob)}`,
      ],
    ] as const;
    for (const [code, script] of wrong) {
      inside(`${objects}; rm -rf $O/${folder}; ${script}`);
      await expect(git.worktreeState(worktree), script).rejects.toMatchObject({ code });
      expect([user('rev-parse', 'work').trim(), user('cat-file', '--batch-all-objects', '--batch-check')]).toEqual([
        one.first,
        expect.not.stringContaining(blob),
      ]);
    }
    expect(user('fsck', '--connectivity-only', '--no-dangling')).toBe('');
  });

  test('[SEC-9] what has moved since is brought inside by one program behind the wall, beside the checkout itself, and a look without news needs none', async () => {
    await using one = await openInside();
    const { inside, openBeside, user, worktree } = one;
    let walls = 0;
    const git = openBeside((program) => (walls += Number(['bwrap', 'sh'].includes(program))));
    const wallsOf = async (work: () => Promise<unknown>) => {
      walls = 0;
      await work();
      return walls;
    };
    const look = () => git.worktreeState(worktree);
    expect(await wallsOf(look)).toBe(0);
    const moved = one.commit(one.first, { 'other.txt': 'x' });
    const next = async (name: string) => {
      const branch = await git.createBranch(name, one.first);
      return wallsOf(() => git.switchTo(worktree, branch));
    };
    // A daemon that has just begun does not know what there is inside.
    inside('git update-ref refs/heads/main $(git commit-tree -m mine HEAD^{tree})');
    user('branch', 'other', moved);
    expect(await next('two')).toBe(4);
    expect(inside('git rev-parse main other').trim()).toBe(`${one.first}\n${moved}`);
    user('branch', '-f', 'other', one.first);
    user('branch', 'third', moved);
    expect(await next('three')).toBe(2);
    expect(inside('git rev-parse other third; git branch --show-current').trim()).toBe(`${one.first}\n${moved}\nthree`);
    inside(
      'echo a > a; git add a; git commit -qm inside; git pack-refs --all --prune; git branch -q blocked/x; rm -f a',
    );
    expect((await look()).dirty).toEqual(['a']);
    expect(await wallsOf(look)).toBe(0);
    // What is in the way of one holds up no other, and is tried again.
    user('branch', 'blocked', moved);
    user('branch', '-f', 'third', one.first);
    inside('git checkout -q a');
    await next('four');
    expect(inside('git branch --show-current; git rev-parse HEAD').trim()).toBe(`four\n${one.first}`);
    inside('git update-ref -d refs/heads/blocked/x');
    await next('five');
    expect(inside('git rev-parse blocked third').trim()).toBe(`${moved}\n${one.first}`);
  });

  test('[SEC-9] a merge that a person began in the worktree ends where its agent goes on inside', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    const merging = join(git.commonDir, 'worktrees/a-1/MERGE_HEAD');
    writeFileSync(merging, `${one.commit(one.first, { 'theirs.txt': 'x' })}\n`);
    inside('echo a > a; git add a; git commit -qm inside');
    expect((await git.worktreeState(worktree)).dirty).toEqual([]);
    expect(existsSync(merging)).toBe(false);
    inside('echo b > b');
    await git.saveWork(worktree, 'WIP');
    expect(user('log', '--format=%s', 'work')).toBe('WIP\ninside\nfirst\n');
  });

  test('[SEC-9] wherever the daemon is cut off that has moved the branch itself, its word counts and the other is kept once', async () => {
    await using one = await openInside();
    const { folder, inside, open, openDying, user, worktree } = one;
    const kept: string[] = [];
    let moved = one.first;
    const index = join(folder, 'worktrees/a-1/index');
    const died = await dieAtEachStep(
      (steps) => {
        inside(`git reset -q --hard; echo ${steps} > file; git add file; git commit -qm mine-${steps}`);
        kept.push(inside('git rev-parse HEAD').trim());
        moved = one.commit(moved, { [`base-${steps}`]: 'x' });
        user('update-ref', 'refs/heads/work', moved);
        // As one leaves it that is killed with the lock in its hands.
        writeFileSync(`${index}.drover`, 'half');
        linkSync(`${index}.drover`, `${index}.lock`);
        return openDying(steps).worktreeState(worktree);
      },
      async () => {
        expect(await open().worktreeState(worktree)).toMatchObject({ branch: 'work', head: moved });
        expect(inside('git rev-parse HEAD').trim()).toBe(moved);
        const refs = user('for-each-ref', '--format=%(objectname)', 'refs/drover/archive').trim().split('\n');
        expect(refs.toSorted()).toEqual(kept.toSorted());
      },
      2,
    );
    expect(died).toBeGreaterThan(3);
    expect(user('fsck', '--connectivity-only', '--no-dangling')).toBe('');
  });

  test('[SEC-9] an object that git does not accept is not brought out', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    // A tree with an entry called .git, as no git makes one.
    inside(
      `blob=$(echo x | git hash-object -w --stdin)
       tree=$(printf '100644 .git\\0%b' "$(echo $blob | sed 's/../\\\\x&/g')" | git hash-object -w -t tree --literally --stdin)
       git update-ref HEAD $(git commit-tree $tree -p HEAD -m evil)`,
    );
    await expect(git.worktreeState(worktree)).rejects.toMatchObject({ code: 'git/not-brought' });
    expect(user('log', '--format=%s', 'work')).toBe('first\n');
  });
});
