import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { landMerge } from '../../src/git/land.ts';
import { checksum, openWorld, userGit, write } from './world.ts';
import { temporaryFolder } from '../helpers/folder.ts';

test('[GIT-3] landing makes a merge commit without moving a ref or touching the checkout', async () => {
  await using world = await openWorld();
  const { git, user, first } = world;
  const ours = world.commit(first, { a: 'a\n' });
  const theirs = world.commit(first, { b: 'b\n' });
  write(world.root, 'readme.md', 'dirty\n');
  const before = [checksum(world.root), user('for-each-ref')];
  const landing = await landMerge(git, { ours, theirs, message: 'Merge b\n\nDrover-Task: 12' });
  expect([checksum(world.root), user('for-each-ref')]).toEqual(before);
  const commit = landing.kind === 'landed' ? landing.commit : '';
  expect(user('show', '--no-patch', '--format=%P|%an|%s|%(trailers:key=Drover-Task,valueonly)', commit).trim()).toBe(
    `${ours} ${theirs}|Ada|Merge b|12`,
  );
  expect(user('ls-tree', '--name-only', commit).trim().split('\n')).toEqual(['a', 'b', 'readme.md']);
});

test('[GIT-6] a conflict is reported with its files, and nothing is made', async () => {
  await using world = await openWorld();
  const { git, first } = world;
  const ours = world.commit(first, { 'readme.md': 'ours\n', 'ü\nx': '1\n' });
  const theirs = world.commit(first, { 'readme.md': 'theirs\n', 'ü\nx': '2\n', clean: 'x\n' });
  expect(await landMerge(git, { ours, theirs, message: 'no' })).toEqual({
    kind: 'conflict',
    files: ['readme.md', 'ü\nx'],
    detail: expect.stringContaining('CONFLICT (content): Merge conflict in readme.md'),
  });
});

test('[GIT-6] a branch that shares no history is a conflict, not an accident', async () => {
  await using world = await openWorld();
  const tree = world.user('rev-parse', 'HEAD^{tree}').trim();
  const orphan = world.user('commit-tree', tree, '-m', 'orphan').trim();
  expect(await landMerge(world.git, { ours: world.first, theirs: orphan, message: 'no' })).toMatchObject({
    kind: 'conflict',
    files: [],
  });
});

test('edits are applied on top of the merge: they see it, keep the mode and leave other files alone', async () => {
  await using world = await openWorld();
  const { git, user, first } = world;
  // What others look at meanwhile is none of this.
  using folder = temporaryFolder('scratch');
  vi.stubEnv('TMPDIR', folder.path);
  onTestFinished(() => void vi.unstubAllEnvs());
  write(world.root, 'plan.sh', '- [ ] 1\n- [ ] 2\n');
  user('add', '--all');
  user('update-index', '--chmod=+x', 'plan.sh');
  user('commit', '--quiet', '-m', 'plan');
  const ours = user('rev-parse', 'HEAD').trim();
  const theirs = world.commit(first, { b: 'b\n' });
  const landing = await landMerge(git, {
    ours,
    theirs,
    message: 'with edits',
    edit: async (read) => [
      { path: 'plan.sh', content: ((await read('plan.sh')) ?? '').replace('[ ] 1', '[x] 1') },
      { path: 'new/two\nlines', content: `${await read('b')}${await read('nowhere')}\r\n` },
    ],
  });
  const commit = landing.kind === 'landed' ? landing.commit : '';
  const files = user('ls-tree', '-r', '-z', commit).split('\0');
  expect(files.map((line) => line.replace(/ blob [0-9a-f]+\t/u, ' '))).toEqual([
    '100644 b',
    '100644 new/two\nlines',
    '100755 plan.sh',
    '100644 readme.md',
    '',
  ]);
  expect(await git.readFile(commit, 'plan.sh')).toBe('- [x] 1\n- [ ] 2\n');
  expect(await git.readFile(commit, 'new/two\nlines')).toBe('b\nnull\r\n');
  expect(readdirSync(folder.path)).toEqual([]);
});

test.each(['../outside', '.git/config', 'GIT~1/x', '/absolute', 'a/../b', ''])(
  'an edit of %j is refused',
  async (path) => {
    await using world = await openWorld();
    const theirs = world.commit(world.first, { b: 'b\n' });
    const landing = landMerge(world.git, {
      ours: world.first,
      theirs,
      message: 'x',
      edit: async () => [{ path, content: 'x' }],
    });
    await expect(landing).rejects.toMatchObject({ code: 'git/bad-path', exit: 2 });
  },
);

test('what is contained already lands as it is, and only edits make another commit', async () => {
  await using world = await openWorld();
  const { git, first, user } = world;
  const ours = world.commit(first, { a: 'a\n' });
  expect(await landMerge(git, { ours, theirs: first, message: 'x' })).toEqual({ kind: 'landed', commit: ours });
  const landing = await landMerge(git, {
    ours,
    theirs: first,
    message: 'only edits',
    edit: async () => [{ path: 'a', content: 'changed\n' }],
  });
  const commit = landing.kind === 'landed' ? landing.commit : '';
  expect(user('show', '--no-patch', '--format=%P', commit).trim()).toBe(ours);
});

test('[A51] one commit holds the work of one, two or five others', async () => {
  await using world = await openWorld();
  const { git, first, user } = world;
  const heads = [1, 2, 3, 4, 5].map((n) => world.commit(first, { [`file-${n}`]: `${n}\n` }));
  const later = world.commit(heads[0]!, { later: 'x\n' });
  expect(await git.joined([later], 'x')).toEqual({ kind: 'landed', commit: later });
  expect(await git.joined([first, heads[0]!, later, later], 'x')).toEqual({ kind: 'landed', commit: later });
  for (const wanted of [heads.slice(0, 2), heads]) {
    const landing = await git.joined(wanted, 'Join what it depends on');
    const commit = landing.kind === 'landed' ? landing.commit : '';
    for (const head of wanted) expect(await git.isAncestor(head, commit)).toBe(true);
    expect(user('ls-tree', '--name-only', commit).trim().split('\n')).toEqual([
      ...wanted.map((_head, n) => `file-${n + 1}`),
      'readme.md',
    ]);
  }
});

test('[A51] a join that a person has pruned meanwhile is made anew', async () => {
  await using world = await openWorld();
  const { git, first, user } = world;
  const heads = [world.commit(first, { a: 'a' }), world.commit(first, { b: 'b' })];
  for (const [n, head] of heads.entries()) user('branch', `of-${n}`, head);
  expect((await git.joined(heads, 'Join')).kind).toBe('landed');
  user('gc', '--quiet', '--prune=now');
  const again = await git.joined(heads, 'Join');
  expect(user('ls-tree', '-r', '--name-only', again.kind === 'landed' ? again.commit : '')).toBe('a\nb\nreadme.md\n');
});

test('[A51] commits that cannot be joined are told with the files in question', async () => {
  await using world = await openWorld();
  const heads = ['a', 'b'].map((text) => world.commit(world.first, { 'readme.md': `${text}\n` }));
  expect(await world.git.joined(heads, 'x')).toMatchObject({ kind: 'conflict', files: ['readme.md'] });
});

test('a user without a name and an address does not keep us from committing; one who has them is the author', async () => {
  await using world = await openWorld();
  const theirs = world.commit(world.first, { b: 'b\n' });
  const ours = world.commit(world.first, { a: 'a\n' });
  const author = async () => {
    const landing = await landMerge(world.git, { ours, theirs, message: 'x' });
    return world
      .user('show', '--no-patch', '--format=%an <%ae> %cn', landing.kind === 'landed' ? landing.commit : '')
      .trim();
  };
  expect(await author()).toBe('Ada <ada@example.org> Ada');
  userGit(world.root, world.env)('config', '--unset', 'user.name');
  expect(await author()).toBe('Drover <drover@localhost> Drover');
});
