import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forwardNotes } from '../../src/git/forward-cut.ts';
import { watchSyncs } from './synced.ts';
import { checksum, emptyByPowerCut, openWorld, write } from './world.ts';

/** A commit that changes, makes and removes files, and a filter that does something to git once, in the middle of it. */
const openCut = async (once: string) => {
  const world = await openWorld();
  const { user, root, home } = world;
  const mark = join(home, 'once');
  user('config', 'filter.cut.smudge', `if rm '${mark}' 2>/dev/null; then ${once}; fi; cat`);
  user('config', 'filter.cut.clean', 'cat');
  writeFileSync(join(root, '.git/info/attributes'), 'old/s filter=cut\n');
  for (const path of ['old/s', 'old/gone', 'tool']) write(root, path, 'mine\n');
  user('add', '--all');
  user('commit', '--quiet', '-m', 'mine');
  const first = user('rev-parse', 'HEAD').trim();
  for (const path of ['old/s', 'made/deep/a', 'zz']) write(root, path, 'theirs\n');
  rmSync(join(root, 'old/gone'));
  chmodSync(join(root, 'tool'), 0o755);
  user('add', '--all');
  user('commit', '--quiet', '-m', 'theirs');
  const next = user('rev-parse', 'HEAD').trim();
  user('reset', '--quiet', '--hard', first);
  writeFileSync(mark, '');
  return { world, first, next };
};

test('a delivery over which git was killed leaves the checkout as it was, and comes when it is asked for again', async () => {
  const { world, first, next } = await openCut('kill -9 $PPID');
  await using _ = world;
  const { git, root, user } = world;
  write(root, 'notes', 'of the person');
  const before = checksum(root);
  const refused = await git.fastForward('main', first, next);
  const why = '"git merge" failed: it ended with SIGKILL; the files that git had written by then are put back';
  expect(refused).toEqual({ kind: 'refused', why });
  expect([checksum(root), existsSync(join(root, 'made')), existsSync(join(root, '.git/index.lock'))]).toEqual([
    before,
    false,
    false,
  ]);
  expect([user('rev-parse', 'main').trim(), user('status', '--porcelain')]).toEqual([first, '?? notes\n']);
  expect(await git.fastForward('main', first, next)).toEqual({ kind: 'moved' });
  expect(user('status', '--porcelain')).toBe('?? notes\n');
});

test('what somebody wrote meanwhile where git was killed stays and is named', async () => {
  const { world, first, next } = await openCut('echo of the person > zz; kill -9 $PPID');
  await using _ = world;
  const { git, root, user } = world;
  const refused = await git.fastForward('main', first, next);
  expect(refused).toMatchObject({ why: expect.stringMatching(new RegExp(`left in ${root}: zz$`, 'u')) });
  expect([readFileSync(join(root, 'zz'), 'utf8'), user('status', '--porcelain')]).toEqual([
    'of the person\n',
    '?? zz\n',
  ]);
});

test('a delivery that git gave up in the middle leaves the checkout as it was', async () => {
  const { world, first, next } = await openCut('exit 1');
  await using _ = world;
  const { git, root, user } = world;
  user('config', 'filter.cut.required', 'true');
  const before = checksum(root);
  expect(await git.fastForward('main', first, next)).toMatchObject({
    why: expect.stringMatching(/smudge filter cut failed.*are put back$/u),
  });
  expect([checksum(root), user('status', '--porcelain')]).toEqual([before, '']);
});

test('a file of a person that is as the delivery would have it is not taken for a part of it', async () => {
  const { world, first, next } = await openCut('true');
  await using _ = world;
  write(world.root, 'zz', 'theirs\n');
  expect(await world.git.fastForward('main', first, next)).toEqual({
    kind: 'refused',
    why: `zz is changed in ${world.root}, and would be overwritten`,
  });
  expect(world.user('status', '--porcelain')).toBe('?? zz\n');
});

/** A checkout as git leaves it that dies when it has written files and index and has not moved the branch. */
const openUnmoved = async () => {
  const cut = await openCut('true');
  const { world, first, next } = cut;
  const { root, user } = world;
  const note = { root, branch: 'main', from: first, to: next, theirs: [], theirLocks: [], at: Date.now() };
  await forwardNotes.write(join(root, '.git'), root, note);
  user('read-tree', '-m', '-u', first, next);
  for (const lock of ['HEAD.lock', 'refs/heads/main.lock']) writeFileSync(join(root, '.git', lock), '');
  return cut;
};

test('files and index of a delivery are put back, with its locks, where git died before it moved the branch', async () => {
  const { world, first, next } = await openUnmoved();
  await using _ = world;
  const { git, root, user } = world;
  write(root, 'notes', 'of the person');
  expect(await git.finishForwards({ waits: false })).toEqual([{ branch: 'main', root, left: [], trouble: null }]);
  expect([user('rev-parse', 'main').trim(), user('status', '--porcelain')]).toEqual([first, '?? notes\n']);
  expect([existsSync(join(root, 'made')), readFileSync(join(root, 'old/gone'), 'utf8')]).toEqual([false, 'mine\n']);
  expect(await git.finishForwards({ waits: false })).toEqual([]);
  expect(await git.fastForward('main', first, next)).toEqual({ kind: 'moved' });
});

test('a try at a delivery puts back before what git left that died over the last one', async () => {
  const { world, first, next } = await openUnmoved();
  await using _ = world;
  const { git, user } = world;
  expect(await git.fastForward('main', first, next)).toEqual({ kind: 'moved' });
  expect([user('rev-parse', 'main').trim(), user('status', '--porcelain')]).toEqual([next, '']);
});

test('what somebody changed since git died over a delivery stays as it is, in files and index', async () => {
  const { world, first } = await openUnmoved();
  await using _ = world;
  const { git, root, user } = world;
  write(root, 'zz', 'of the person\n');
  write(root, 'tool', 'staged by the person\n');
  rmSync(join(root, '.git/HEAD.lock'));
  user('add', 'tool');
  expect(await git.finishForwards({ waits: false })).toEqual([
    { branch: 'main', root, left: ['tool', 'zz'], trouble: null },
  ]);
  expect([user('rev-parse', 'main').trim(), user('status', '--porcelain')]).toEqual([first, 'M  tool\n?? zz\n']);
  expect([readFileSync(join(root, 'zz'), 'utf8'), readFileSync(join(root, 'tool'), 'utf8')]).toEqual([
    'of the person\n',
    'staged by the person\n',
  ]);
});

test('where the branch was moved since git died over it only the note of that goes', async () => {
  const { world } = await openUnmoved();
  await using _ = world;
  const { git, root, user } = world;
  for (const lock of ['HEAD.lock', 'refs/heads/main.lock']) rmSync(join(root, '.git', lock));
  user('commit', '--quiet', '-m', 'of the person');
  const before = checksum(root);
  expect(await git.finishForwards({ waits: false })).toEqual([]);
  expect([checksum(root), user('status', '--porcelain')]).toEqual([before, '']);
});

test('what a person has put back themselves of a delivery that came to its end is theirs', async () => {
  const { world, first, next } = await openUnmoved();
  await using _ = world;
  const { git, root, user } = world;
  for (const lock of ['HEAD.lock', 'refs/heads/main.lock']) rmSync(join(root, '.git', lock));
  user('merge', '--quiet', '--ff-only', next);
  user('reset', '--quiet', first);
  const before = checksum(root);
  expect(await git.finishForwards({ waits: false })).toEqual([]);
  expect([checksum(root), readFileSync(join(root, 'zz'), 'utf8')]).toEqual([before, 'theirs\n']);
});

test('what cannot be put back is told of, and is put back by the next try', async () => {
  const { world, first, next } = await openCut('kill -9 $PPID');
  await using _ = world;
  const { git, root, user } = world;
  user('config', 'filter.cut.smudge', 'kill -9 $PPID');
  expect(await git.fastForward('main', first, next)).toMatchObject({
    kind: 'refused',
    why: expect.stringContaining(`what git had written in ${root} by then is not put back`),
  });
  expect(await git.finishForwards({ waits: false })).toEqual([
    { branch: 'main', root, left: [], trouble: expect.stringContaining('"git checkout-index" failed') },
  ]);
  user('config', 'filter.cut.smudge', 'cat');
  expect(await git.finishForwards({ waits: false })).toEqual([{ branch: 'main', root, left: [], trouble: null }]);
  expect([user('rev-parse', 'main').trim(), user('status', '--porcelain')]).toEqual([first, '']);
});

const notesIn = (root: string): readonly string[] => {
  const folder = join(root, '.git/drover/forwarding');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test.runIf(existsSync('/proc/self/fd'))(
  'what a delivery has written, and its note before that, is on the disk before it is told of',
  async () => {
    const { world, first, next } = await openCut('true');
    await using _ = world;
    const { git, root } = world;
    using synced = await watchSyncs();
    expect(await git.fastForward('main', first, next)).toEqual({ kind: 'moved' });
    const files = ['old/s', 'made/deep/a', 'zz', 'tool'];
    const folders = ['', 'old', 'made', 'made/deep'];
    const wanted = [...files, ...folders].map((path) => join(root, path).replace(/\/$/u, ''));
    expect(synced.paths).toEqual(expect.arrayContaining(wanted));
    expect(synced.paths.indexOf(join(root, '.git/drover/forwarding'))).toBe(1);
    expect(notesIn(root)).toEqual([]);
  },
);

test('what a power cut has emptied of a delivery that came to its end is written anew, what somebody emptied stays so', async () => {
  const { world, first, next } = await openCut('true');
  await using _ = world;
  const { git, root, user } = world;
  const note = { root, branch: 'main', from: first, to: next, theirs: [], theirLocks: [], at: Date.now() };
  await forwardNotes.write(join(root, '.git'), root, note);
  user('merge', '--quiet', '--ff-only', next);
  emptyByPowerCut(root, ['made/deep/a', 'old/s']);
  truncateSync(join(root, 'zz'));
  expect(await git.finishForwards({ waits: false })).toEqual([]);
  expect([user('rev-parse', 'main').trim(), user('status', '--porcelain')]).toEqual([next, ' M zz\n']);
  expect([readFileSync(join(root, 'made/deep/a'), 'utf8'), notesIn(root)]).toEqual(['theirs\n', []]);
});

test('a note that another version has written, or that cannot be read now, stays; a text that was cut off goes', async () => {
  await using world = await openWorld();
  const { git, root } = world;
  const folder = join(root, '.git/drover/forwarding');
  write(folder, '0.json', '{"place":"of a later version"}');
  write(folder, '1.json/a', 'a folder');
  for (const name of ['2.json', '3.json.new']) write(folder, name, '{');
  expect(await git.finishForwards({ waits: false })).toEqual([]);
  expect(notesIn(root)).toEqual(['0.json', '1.json']);
});
