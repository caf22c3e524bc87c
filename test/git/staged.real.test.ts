import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitFailed, gitStalled, gitTimedOut } from '../../src/git/errors.ts';
import { gitRunner, type RunGit } from '../../src/git/run.ts';
import { keepStaged } from '../../src/git/staged.ts';
import { openWorld, userGit, write } from './world.ts';

const REF = 'refs/drover/archive/a-staged';

/** A worktree and whoever works in it. */
const openWorktree = async () => {
  const world = await openWorld();
  const [place, branch] = [world.at('a'), await world.git.createBranch('drover/a', world.first)];
  await world.git.addWorktree(place, { branch });
  return { ...world, place, agent: userGit(place, world.env) };
};

type Worktree = Awaited<ReturnType<typeof openWorktree>>;

const stageFile = ({ place, agent }: Worktree, path: string): void => {
  write(place, path, 'staged\n');
  agent('add', path);
};

/** What is staged and nowhere else, with the path of it. */
const ALONE: Readonly<Record<string, (tree: Worktree) => string>> = {
  'a file that was changed again': (tree) => {
    stageFile(tree, 'readme.md');
    write(tree.place, 'readme.md', 'changed\n');
    return 'readme.md';
  },
  'a file that is as it was': (tree) => {
    stageFile(tree, 'readme.md');
    write(tree.place, 'readme.md', 'one\ntwo\nthree\n');
    return 'readme.md';
  },
  'a new file that is deleted': (tree) => {
    stageFile(tree, 'grüße "x"');
    rmSync(join(tree.place, 'grüße "x"'));
    return 'grüße "x"';
  },
  'a file beside one with conflicts': (tree) => {
    const { agent, place, user } = tree;
    user('commit', '--quiet', '--allow-empty', '-m', 'theirs');
    writeFileSync(join(tree.root, 'readme.md'), 'theirs\n');
    user('commit', '--quiet', '--all', '-m', 'theirs');
    write(place, 'readme.md', 'ours\n');
    agent('commit', '--quiet', '--all', '-m', 'ours');
    expect(() => agent('merge', 'main')).toThrow();
    stageFile(tree, 'new.txt');
    write(place, 'new.txt', 'changed\n');
    return 'new.txt';
  },
};

/** What may take it away. */
const ENDS: Readonly<Record<string, (tree: Worktree) => Promise<unknown>>> = {
  'is deleted': ({ git, place }) => git.removeWorktree(place),
  'goes into the trash': ({ git, place, home }) => git.removeWorktree(place, join(home, 'trash/a')),
  'has its work saved': ({ git, place }) => git.saveWork(place, 'WIP of a'),
};

const cases = Object.keys(ALONE).flatMap((what) => Object.keys(ENDS).map((end) => ({ what, end })));

test.each(cases)('$what is kept as it is staged where its worktree $end', async ({ what, end }) => {
  await using tree = await openWorktree();
  const path = ALONE[what]!(tree);
  const head = tree.user('rev-parse', 'drover/a').trim();
  await ENDS[end]!(tree);
  expect(tree.user('show', `${REF}:${path}`)).toBe('staged\n');
  expect(tree.user('rev-parse', `${REF}^`).trim()).toBe(head);
  expect(tree.user('for-each-ref', 'refs/drover/archive')).not.toContain(`${REF}-2`);
});

test('what is staged and nowhere else is kept where a merge is given up', async () => {
  await using tree = await openWorktree();
  const path = ALONE['a file beside one with conflicts']!(tree);
  const given = await tree.git.giveUp(tree.place, 'a', 'WIP of a');
  expect(given?.kept).toContain(REF);
  expect(tree.user('show', `${REF}:${path}`)).toBe('staged\n');
});

test('of what is staged and lies in the files, or nowhere, nothing is kept twice', async () => {
  await using tree = await openWorktree();
  const { agent, git, place } = tree;
  const keptOf = async (): Promise<unknown> => [await git.keepStaged(place), tree.user('for-each-ref', REF)];
  expect(await keptOf()).toEqual([null, '']);
  write(place, 'readme.md', 'changed\n');
  write(place, 'other.txt', 'new\n');
  expect(await keptOf()).toEqual([null, '']);
  agent('add', '--all');
  expect(await keptOf()).toEqual([null, '']);
  agent('rm', '--quiet', '--cached', 'readme.md');
  write(place, 'later.txt', 'new\n');
  agent('add', '--intent-to-add', 'later.txt');
  expect(await keptOf()).toEqual([null, '']);
  const before = agent('status', '--porcelain');
  write(place, 'other.txt', 'newer\n');
  expect([await git.keepStaged(place), await git.keepStaged(place)]).toEqual([REF, REF]);
  write(place, 'other.txt', 'new\n');
  expect(agent('status', '--porcelain')).toBe(before);
});

/** What a power cut may leave of what is staged: git does not wait until that is on the disk. */
const CUTS: Readonly<Record<string, (object: string) => void>> = {
  gone: (object) => rmSync(object),
  empty: (object) => {
    chmodSync(object, 0o644);
    writeFileSync(object, '');
  },
};

const cutOff = Object.keys(CUTS).flatMap((cut) => Object.keys(ENDS).map((end) => ({ cut, end })));

test.each(cutOff)('what is staged and $cut keeps nothing else from being kept where its worktree $end', async (one) => {
  await using tree = await openWorktree();
  const { agent, place, root, user } = tree;
  for (const path of ['whole.txt', 'lost.txt', 'readme.md']) {
    write(place, path, `${path} as it is staged`);
    agent('add', path);
    write(place, path, 'changed\n');
  }
  for (const path of ['lost.txt', 'readme.md']) {
    const id = agent('rev-parse', `:${path}`).trim();
    CUTS[one.cut]!(join(root, '.git/objects', id.slice(0, 2), id.slice(2)));
  }
  await ENDS[one.end]!(tree);
  expect(user('ls-tree', '--name-only', REF)).toBe('readme.md\nwhole.txt\n');
  expect(user('show', `${REF}:whole.txt`)).toBe('whole.txt as it is staged');
  expect(user('show', `${REF}:readme.md`)).toBe('one\ntwo\nthree\n');
});

test.each(Object.keys(ENDS).slice(0, 2))(
  'what is staged for a first commit is kept where its worktree %s',
  async (end) => {
    await using tree = await openWorktree();
    tree.agent('checkout', '--quiet', '--orphan', 'anew');
    const path = ALONE['a new file that is deleted']!(tree);
    await ENDS[end]!(tree);
    expect(tree.user('show', `${REF}:${path}`)).toBe('staged\n');
    expect(tree.user('rev-list', '--count', REF)).toBe('1\n');
  },
);

/** What comes of keeping what is staged where that fails inside, and nothing is staged here. */
const keepFailing = (error: Error) =>
  keepStaged(
    {
      run: async () => ({ code: 0, signal: null, stdout: '', stderr: '', timedOut: false }),
      archive: async (name) => name,
      privates: { keepStaged: () => Promise.reject(error) },
    },
    { cwd: '/a', env: { GIT_DIR: '/g', GIT_COMMON_DIR: '/g', GIT_WORK_TREE: '/a' }, behind: undefined },
  );

test('what is staged inside waits for room on the disk, and not for what git refuses there', async () => {
  const failed = (reason: string) => gitFailed({ command: 'fetch', reason });
  const full = failed('No space left on device');
  await expect(keepFailing(full)).rejects.toBe(full);
  expect(await keepFailing(failed('bad object'))).toBe(null);
});

test('a git inside that stands still, which its agent can see to, does not keep the work from being saved', async () => {
  const status = { command: 'status', seconds: 10 };
  for (const error of [gitTimedOut(status), gitStalled({ ...status, path: '/a', waitsFor: 'sleep' })])
    expect(await keepFailing(error)).toBe(null);
});

test('an index is written for what is staged with no file of the worktree in reach, by which a filter could run', async () => {
  await using tree = await openWorktree();
  const { agent, env, place, processes, root } = tree;
  for (const path of ['whole.txt', 'lost.txt']) {
    stageFile(tree, path);
    write(place, path, `${path} changed\n`);
  }
  write(place, 'lost.txt', 'lost\n');
  agent('add', 'lost.txt');
  write(place, 'lost.txt', 'changed\n');
  const id = agent('rev-parse', ':lost.txt').trim();
  rmSync(join(root, '.git/objects', id.slice(0, 2), id.slice(2)));
  const git = gitRunner({ processes, env, root });
  const reached: Record<string, boolean> = {};
  const run: RunGit = (args, call) => {
    const words = ['--index-info', 'write-tree'].filter((word) => args.includes(word));
    for (const word of words) reached[word] = call?.cwd === place || call?.env?.['GIT_WORK_TREE'] === place;
    return git(args, call);
  };
  const common = join(root, '.git');
  const at = { GIT_DIR: join(common, 'worktrees/a'), GIT_COMMON_DIR: common, GIT_WORK_TREE: place };
  await keepStaged({ run, archive: async (name) => name }, { cwd: place, env: at, behind: undefined });
  expect(reached).toEqual({ '--index-info': false, 'write-tree': false });
});
