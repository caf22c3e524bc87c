import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openRadar } from '../../../src/git/radar/open.ts';
import { gitRunner } from '../../../src/git/run.ts';
import type { Git } from '../../../src/ports/index.ts';
import type { WorkNow } from '../../../src/ports/radar.ts';
import { checksum, openWorld, userGit, write } from '../world.ts';

const lines = (count: number, edits: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: count }, (_, i) => `${edits[i + 1] ?? `line ${i + 1}`}\n`).join('');

/** What a worktree holds now; its objects are there until it is put away. */
const workAt = async (git: Pick<Git, 'work'>, path: string): Promise<AsyncDisposable & { readonly now: WorkNow }> => {
  const stop = new AbortController();
  const looks = git.work(path, stop.signal)[Symbol.asyncIterator]();
  const { value } = await looks.next();
  const end = async () => {
    stop.abort();
    await looks.return?.();
  };
  return { now: value, [Symbol.asyncDispose]: end };
};

const branch = (head: string): WorkNow => ({ head, tree: null, objects: null });

test('[GIT-4] a conflict is foreseen with its files and the lines of each side, between branches and uncommitted work', async () => {
  await using world = await openWorld();
  const base = world.commit(world.first, { 'app.txt': lines(20), 'other.txt': 'x\n', 'gone.txt': 'x\n' });
  await world.git.addWorktree(world.at('a'), { branch: await world.git.createBranch('a', base) });
  write(world.at('a'), 'app.txt', `above\n${lines(20, { 3: 'ours', 4: 'ours' })}`);
  write(world.at('a'), 'gone.txt', 'changed\n');
  write(world.at('a'), 'both.txt', 'one\ntwo\n');
  const theirs = world.commit(base, { 'app.txt': lines(20, { 4: 'theirs', 15: 'theirs' }), 'both.txt': 'one\n2\n' });
  const index = { ...world.env, GIT_INDEX_FILE: join(world.home, 'index') };
  const plumb = userGit(world.root, index);
  plumb('read-tree', theirs);
  plumb('update-index', '--force-remove', 'gone.txt');
  const deleted = plumb('commit-tree', plumb('write-tree').trim(), '-p', theirs, '-m', 'x').trim();
  const before = [checksum(world.root), checksum(world.at('a')), world.user('count-objects')];

  await using work = await workAt(world.git, world.at('a'));
  const [found, ...others] = await world.git.foresee([work.now, branch(deleted), branch(base)]);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ pair: [0, 1], both: ['app.txt', 'both.txt', 'gone.txt'] });
  expect(found!.clashes.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: 'app.txt', kind: 'contents', lines: [[[4, 5]], [[4, 4]]] },
    { path: 'both.txt', kind: 'contents', lines: [[[2, 2]], [[2, 2]]] },
    { path: 'gone.txt', kind: 'modify/delete', lines: [[], []] },
  ]);
  expect([checksum(world.root), checksum(world.at('a')), world.user('count-objects')]).toEqual(before);
});

test('no program that the repository’s own configuration names is run to foresee a conflict', async () => {
  await using world = await openWorld();
  const base = world.commit(world.first, { 'app.txt': lines(5) });
  const [ours, theirs] = ['ours', 'theirs'].map((word) => world.commit(base, { 'app.txt': lines(5, { 3: word }) }));
  const proof = join(world.root, 'proof');
  write(world.root, '.git/info/attributes', 'app.txt merge=evil\n');
  for (const name of ['evil', 'ev=il']) world.user('config', `merge.${name}.driver`, `touch ${proof}; cp %B %A`);

  const [found] = await world.git.foresee([branch(ours!), branch(theirs!)]);
  expect(found?.clashes).toMatchObject([{ path: 'app.txt', kind: 'contents' }]);
  expect(await world.git.clashTexts(branch(ours!), branch(theirs!))).toHaveLength(1);
  expect(await world.git.clashingPairs(base, [ours!, theirs!])).toEqual([[0, 1]]);
  expect(existsSync(proof)).toBe(false);
});

test('files that both change without a conflict are told as such, and histories without a common commit as a conflict', async () => {
  await using world = await openWorld();
  const base = world.commit(world.first, { 'app.txt': lines(20) });
  const [ours, theirs] = [3, 15].map((at) => branch(world.commit(base, { 'app.txt': lines(20, { [at]: 'x' }) })));
  expect(await world.git.foresee([ours!, theirs!])).toEqual([{ pair: [0, 1], both: ['app.txt'], clashes: [] }]);
  const orphan = world.user('commit-tree', `${base}^{tree}`, '-m', 'orphan').trim();
  const [alone] = await world.git.foresee([ours!, branch(orphan)]);
  expect(alone!.clashes).toEqual([{ path: '', kind: 'unrelated histories', lines: [[], []] }]);
});

test('[GIT-4] finished works that did nothing in common are not compared further, however many there are', async () => {
  await using world = await openWorld();
  const base = world.commit(world.first, { 'app.txt': lines(20) });
  const below = world.commit(base, { 'app.txt': lines(20, { 3: 'below' }) });
  const calls: string[] = [];
  const { root, env, processes } = world;
  const run = gitRunner({ processes, env, root });
  const counting: typeof run = (args, options) => {
    calls.push(args[0]!);
    return run(args, options);
  };
  const radar = openRadar({ root, commonDir: join(root, '.git'), run: counting }, { pacer: (work) => work() });
  const finished = Array.from({ length: 12 }, (_, n) => ({
    ...branch(world.commit(base, { [`own-${n}.txt`]: 'x\n' })),
    since: base,
  }));
  expect(await radar.foresee(finished)).toEqual([]);
  expect(calls.filter((name) => name === 'merge-base')).toEqual([]);
  // Two pairs are looked at together, and may both ask for the same.
  expect(calls.length).toBeLessThan(2 * finished.length);
  calls.length = 0;
  await radar.foresee(finished);
  expect(calls).toEqual([]);
  const [one, other] = [
    { ...branch(world.commit(base, { 'app.txt': lines(20, { 3: 'other' }) })), since: base },
    { ...branch(world.commit(below, { 'own.txt': 'x\n' })), since: below },
  ];
  // What the second is built on meets the first: that is told of what it is built on.
  expect(await radar.foresee([one, other])).toEqual([]);
  expect(await radar.foresee([one, { ...branch(below), since: base }])).toMatchObject([{ both: ['app.txt'] }]);
  // Nor is a file told of that only one of the two has changed itself, where they meet in another one.
  const shared = [one.head, below].map((commit, n) => ({
    ...branch(world.commit(commit, { 'both.txt': `${n}\n` })),
    since: commit,
  }));
  expect((await radar.foresee(shared)).map(({ both, clashes }) => [both, clashes.map(({ path }) => path)])).toEqual([
    [['both.txt'], ['both.txt']],
  ]);
  // Who asks without that is told of all.
  expect(await radar.foresee([branch(one.head), branch(other.head)])).toMatchObject([{ both: ['app.txt'] }]);
});

test('what two works have where they exclude each other is told with what they began with, uncommitted as it is', async () => {
  await using world = await openWorld();
  const base = world.commit(world.first, { 'app.txt': lines(3), 'picture.bin': 'a\0b', 'other.txt': 'x\n' });
  await world.git.addWorktree(world.at('a'), { branch: await world.git.createBranch('a', base) });
  write(world.at('a'), 'app.txt', lines(3, { 2: 'ours' }));
  write(world.at('a'), 'picture.bin', 'a\0c');
  write(world.at('a'), 'new.txt', 'ours\n');
  rmSync(join(world.at('a'), 'other.txt'));
  const theirs = world.commit(base, {
    ...{ 'app.txt': lines(3, { 2: 'theirs' }), 'picture.bin': 'a\0d', 'new.txt': 'theirs\n', 'other.txt': 'y\n' },
  });
  const before = [checksum(world.root), checksum(world.at('a')), world.user('count-objects')];
  await using work = await workAt(world.git, world.at('a'));
  const files = await world.git.clashTexts(work.now, branch(theirs));
  expect(
    files
      .map(({ path, base: from, ours, theirs: to }) => [path, ...[from, ours, to].map((side) => side?.text ?? null)])
      .toSorted(([a], [b]) => (a! < b! ? -1 : 1)),
  ).toEqual([
    ['app.txt', lines(3), lines(3, { 2: 'ours' }), lines(3, { 2: 'theirs' })],
    ['new.txt', null, 'ours\n', 'theirs\n'],
    ['other.txt', 'x\n', null, 'y\n'],
    ['picture.bin', null, null, null],
  ]);
  expect(await world.git.clashTexts(work.now, branch(base))).toEqual([]);
  expect([checksum(world.root), checksum(world.at('a')), world.user('count-objects')]).toEqual(before);
});

type Step = {
  readonly kind: 'edit' | 'delete' | 'move' | 'add' | 'move-folder';
  readonly file: number;
  readonly line: number;
};

const FILES = ['a.txt', 'b.txt', 'd/x.txt', 'd/y.txt'];

const take = (root: string, { kind, file, line }: Step, who: string): void => {
  const path = FILES[file]!;
  const there = existsSync(join(root, path));
  if (kind === 'edit' && there) write(root, path, lines(12, { [line]: who }));
  if (kind === 'delete' && there) rmSync(join(root, path));
  if (kind === 'move' && there) {
    mkdirSync(dirname(join(root, `moved-${line % 2}/${path}`)), { recursive: true });
    renameSync(join(root, path), join(root, `moved-${line % 2}/${path}`));
  }
  if (kind === 'add')
    write(root, line % 3 === 0 ? `a.txt-${file}` : `d/new-${line}.txt`, `${line % 2 === 0 ? who : 'the same'}\n`);
  if (kind === 'move-folder' && existsSync(join(root, 'd')) && !existsSync(join(root, 'e')))
    renameSync(join(root, 'd'), join(root, 'e'));
};

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('edit', 'edit', 'edit', 'delete', 'move', 'add', 'move-folder'),
    file: fc.nat(FILES.length - 1),
    line: fc.integer({ min: 1, max: 12 }),
  }),
  { minLength: 1, maxLength: 4 },
) as fc.Arbitrary<Step[]>;

test('[GIT-4] what is foreseen is what a real merge of the two meets', async () => {
  await using world = await openWorld();
  const base = world.commit(world.first, Object.fromEntries(FILES.map((path) => [path, lines(12)])));
  for (const name of ['a', 'b', 'merged']) await world.git.addWorktree(world.at(name), { commit: base });
  const { processes, env, root } = world;
  const run = gitRunner({ processes, env, root });
  // As fast as it goes: how much of a core it may take is told elsewhere.
  const git = openRadar({ root, run, commonDir: join(root, '.git') }, { pacer: (work) => work() });
  const [a, b, merged] = ['a', 'b', 'merged'].map((name) => userGit(world.at(name), world.env));

  const mergeForReal = (): readonly string[] => {
    for (const agent of [a!, b!]) {
      agent('add', '--all');
      agent('commit', '--quiet', '--allow-empty', '-m', 'work');
    }
    merged!('reset', '--hard', '--quiet', a!('rev-parse', 'HEAD').trim());
    try {
      merged!('merge', '--quiet', '--no-edit', b!('rev-parse', 'HEAD').trim());
      return [];
    } catch {
      const left = merged!('ls-files', '--unmerged', '-z').split('\0').slice(0, -1);
      return [...new Set(left.map((entry) => entry.slice(entry.indexOf('\t') + 1)))].toSorted();
    } finally {
      merged!('reset', '--hard', '--quiet');
      merged!('clean', '-fdq');
    }
  };

  await fc.assert(
    fc.asyncProperty(steps, steps, fc.boolean(), async (ours, theirs, isCommitted) => {
      for (const agent of [a!, b!]) {
        agent('reset', '--hard', '--quiet', base);
        agent('clean', '-fdq');
      }
      for (const step of ours) take(world.at('a'), step, 'ours');
      for (const step of theirs) take(world.at('b'), step, 'theirs');
      if (isCommitted) {
        a!('add', '--all');
        a!('commit', '--quiet', '--allow-empty', '-m', 'work');
      }
      await using mine = await workAt(git, world.at('a'));
      await using other = await workAt(git, world.at('b'));
      const found = await git.foresee([mine.now, other.now]);
      const foreseen = found.flatMap(({ clashes }) => clashes.map(({ path }) => path)).toSorted();
      expect(foreseen).toEqual(mergeForReal());
    }),
    { numRuns: 30 },
  );
}, 300_000);
