import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { type Inside, openInside } from '../inside.ts';
import { write } from '../world.ts';

/** A folder of the person that whoever works inside does not see. */
const openPerson = ({ home, tries }: Inside): string => {
  const person = join(home, 'person');
  write(person, 'key', 'of the person\n');
  expect(tries(`cat ${person}/key`)).not.toBe(0);
  return person;
};

/** A filter by the protocol that git has for those that stay, which leaves all as it is and puts a link in a place before. */
const SWAP = String.raw`
sub line { read(STDIN, my $n, 4) or exit; $n = hex $n; return if $n < 4; read(STDIN, my $x, $n - 4); $x }
sub lines { my $all = ""; while (defined(my $x = line())) { $all .= $x } $all }
sub say4 { printf "%04x%s", 4 + length $_, $_ for @_; print "0000" }
$| = 1;
lines(); say4("git-filter-server\n", "version=2\n");
lines(); say4("capability=clean\n", "capability=smudge\n");
while (1) {
  lines(); my $text = lines();
  rename "folder", "away"; symlink shift @ARGV, "folder";
  say4("status=success\n"); say4($text); print "0000";
}`;

/**
 * A link comes in the place of a folder while git is at the first of its files: by a filter, so that it happens at that
 * moment and not by luck. An agent sees by the file that git opens when that is.
 */
const swapWith = ({ user }: Inside, to: string): void => {
  user('config', 'filter.swap.process', `perl -e '${SWAP}' ${to}`);
  user('config', 'core.attributesFile', `${to}-attributes`);
  writeFileSync(`${to}-attributes`, 'folder/a filter=swap\n');
};

describe.skipIf(noSandbox !== undefined)(`files of whoever is shut in (${noSandbox ?? 'there is a sandbox'})`, () => {
  test('[SEC-9] git reads nothing for them that they cannot read, whatever they do meanwhile', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    const person = openPerson(one);
    swapWith(one, person);
    await git.privateGit(worktree, one.folder);
    const begin = 'rm -rf folder away; mkdir folder; echo a > folder/a; echo theirs > folder/key; echo b > b';
    const kept = (commit: string | null) => user('ls-tree', '-r', '--name-only', commit!).trim().split('\n');
    inside(begin);
    expect(kept(await git.snapshot(worktree, 'as it is'))).toEqual(['b', 'folder/a', 'readme.md']);
    inside(begin);
    expect(kept(await git.saveWork(worktree, 'WIP'))).toEqual(['b', 'folder/a', 'readme.md']);
    const all = user('cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectname)');
    const blobs = all.split('\n').flatMap((line) => (line.startsWith('blob ') ? [line.slice(5)] : []));
    expect(blobs.map((id) => user('cat-file', 'blob', id))).not.toContain('of the person\n');
  });

  test.each<[string, (one: Inside, to: string) => Promise<unknown>]>([
    ['a switch', ({ git, worktree }) => git.switchTo(worktree, 'next')],
    ['a checkout', ({ git, worktree }, to) => git.checkout(worktree, to)],
    ['an update', ({ git, worktree, first: from }, to) => git.advance(worktree, { branch: 'empty', from, to })],
  ])(
    '[SEC-9] %s writes nothing for them where they cannot write, whatever they do meanwhile',
    async (_name, attempt) => {
      await using one = await openInside({ files: { 'folder/a': 'a\n', 'folder/b': 'b\n' } });
      const { git, user, worktree } = one;
      const person = openPerson(one);
      const to = user('rev-parse', 'work').trim();
      user('branch', 'next', to);
      user('branch', 'empty', one.first);
      await git.switchTo(worktree, 'empty');
      swapWith(one, person);
      await git.privateGit(worktree, one.folder);
      await attempt(one, to).catch(() => undefined);
      expect(readdirSync(person)).toEqual(['key']);
      expect(user('fsck', '--connectivity-only', '--no-dangling')).toBe('');
    },
  );

  test('what git could not tell once of the files of the person is asked again', async () => {
    await using one = await openInside();
    const { env, openSeen, user, worktree } = one;
    user('config', 'filter.some.clean', 'cat');
    let isLost = false;
    const git = openSeen(env, ({ args }) => {
      if (isLost || !args.some((one) => one.includes('excludesfile'))) return;
      isLost = true;
      throw new Error('the helper is lost');
    });
    await expect(git.worktreeState(worktree)).rejects.toThrow('the helper is lost');
    expect(await git.worktreeState(worktree)).toMatchObject({ branch: 'work', dirty: [] });
  });

  test('[SEC-9] a filter that is found in the worktree runs for nobody outside', async () => {
    await using one = await openInside({
      files: { 'tools/clean.sh': 'cat\n', '.gitattributes': '*.txt filter=own\n' },
    });
    const { git, inside, user, worktree } = one;
    const person = openPerson(one);
    user('config', 'filter.own.clean', 'sh tools/clean.sh');
    user('config', 'http.extraHeader', 'Bearer 1234');
    await git.privateGit(worktree, one.folder);
    mkdirSync(join(git.commonDir, 'drover'), { recursive: true });
    writeFileSync(join(git.commonDir, 'drover/token'), 'of the swarm');
    const attempts = [
      `cp ${person}/key ${worktree}/got`,
      `echo x >${person}/left`,
      'at=$(git rev-parse --path-format=absolute --git-common-dir)',
      `grep -h Bearer "$at/config" >>${worktree}/got`,
      `cat "$at/drover/token" >>${worktree}/got`,
      'echo x >"$at/refs/heads/left"',
      'echo x >"$at/hooks/post-commit"',
      'd=$(git rev-parse --absolute-git-dir); for n in drover-private drover-config gitdir commondir; do echo x >>"$d/$n"; done',
    ];
    const script = `echo ran >>${worktree}/ran; { ${attempts.join('; ')}; } 2>/dev/null; exec cat`;
    const admin = (name: string) => readFileSync(join(git.commonDir, 'worktrees/a-1', name), 'utf8');
    const notes = () => [
      JSON.parse(admin('drover-private')).folder,
      ...['drover-config', 'gitdir', 'commondir'].map(admin),
    ];
    const before = [notes(), readdirSync(join(git.commonDir, 'hooks'))];
    inside(
      `cat >tools/clean.sh <<'EOF'\n${script}\nEOF\necho a >a.txt; git add .; git commit -qm a; rm ran got; echo bb >a.txt`,
    );
    await git.worktreeState(worktree);
    expect(readFileSync(join(worktree, 'ran'), 'utf8')).toBe('ran\n');
    await git.snapshot(worktree, 'as it is');
    await git.restoreEmptied(worktree);
    inside('touch a.txt');
    expect(await git.saveWork(worktree, 'WIP')).not.toBeNull();
    inside('echo ccc >a.txt');
    await git.worktreeState(worktree);
    expect(readdirSync(person)).toEqual(['key']);
    expect(user('branch', '--format=%(refname:short)').trim().split('\n')).toEqual(['main', 'work']);
    expect([notes(), readdirSync(join(git.commonDir, 'hooks'))]).toEqual(before);
    expect(readFileSync(join(worktree, 'got'), 'utf8')).toBe('');
  });

  test('[SEC-9] what a person has set for git holds there, keys left out, and nothing of it stays', async () => {
    await using one = await openInside({ files: { 'folder/a': 'a\n' } });
    const { git, home, inside, user, worktree } = one;
    user('config', '--global', 'filter.look.clean', 'tr a-z A-Z; git config --get-all http.extraHeader; env; ls -a ~');
    user('config', '--global', 'http.extraHeader', 'Bearer 1234');
    mkdirSync(join(home, '.config/git'), { recursive: true });
    writeFileSync(join(home, '.config/git/attributes'), 'loud filter=look\n');
    const again = one.openSeen({ ...one.env, API_KEY: 'the key' }, () => undefined);
    await again.privateGit(worktree, one.folder);
    inside('echo loud > loud; echo more >> folder/a');
    const saved = await again.saveWork(worktree, 'WIP');
    const text = user('show', `${saved}:loud`);
    expect(text.split('\n')[0]).toBe('LOUD');
    expect(text).not.toMatch(/Bearer|the key|\.gitconfig|person/u);
    expect(user('show', `${saved}:folder/a`)).toBe('a\nmore\n');
    await again.sharedGit(worktree);
    expect(readdirSync(join(git.commonDir, 'worktrees/a-1')).filter((name) => /config|private/u.test(name))).toEqual(
      [],
    );
    expect(readFileSync(join(worktree, 'loud'), 'utf8')).toBe('loud\n');
  });
});
