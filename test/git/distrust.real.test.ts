import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landMerge } from '../../src/git/land.ts';
import { openWorld, userGit, type World, write } from './world.ts';

/** A worktree on a branch of its own, where whoever is an agent can write everything, and what git keeps of it. */
const openPlace = async () => {
  const world = await openWorld();
  const branch = await world.git.createBranch('drover/a', world.first);
  const path = world.at('a');
  await world.git.addWorktree(path, { branch });
  const admin = join(world.root, '.git/worktrees/a');
  const mark = join(world.home, 'mark');
  const program = join(world.home, 'program.sh');
  writeFileSync(program, `#!/bin/sh\necho ran >>'${mark}'\ncat\n`);
  chmodSync(program, 0o755);
  const outside = join(world.home, 'outside.txt');
  writeFileSync(outside, 'kept\n');
  return { world, path, branch, admin, mark, program, outside, agent: userGit(path, world.env) };
};
type Place = Awaited<ReturnType<typeof openPlace>>;

/** A repository of its own inside of the worktree, which the agent has committed there. */
const nest = ({ path, agent, world }: Place, config: readonly (readonly [string, string])[]) => {
  const inner = join(path, 'inner');
  mkdirSync(inner);
  const git = userGit(inner, world.env);
  git('init', '--quiet');
  write(inner, 'file', 'one\n');
  write(inner, '.gitattributes', 'file filter=x\n');
  git('add', '--all');
  git('-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', 'inner');
  agent('-c', 'advice.addEmbeddedRepo=false', 'add', 'inner');
  agent('commit', '--quiet', '-m', 'nested');
  for (const [key, value] of config) git('config', key, value);
  // Other times with the same size: git has to read the file to know whether it changed.
  utimesSync(join(inner, 'file'), 1, 1);
};

const otherRepository = ({ world }: Place, config: readonly (readonly [string, string])[]): string => {
  const folder = join(world.home, 'other');
  execFileSync('git', ['init', '--quiet', folder], { env: world.env });
  const git = userGit(folder, world.env);
  for (const [key, value] of config) git('config', key, value);
  return folder;
};

const redirect = (path: string, to: string) => {
  if (existsSync(path)) renameSync(path, `${path}.was`);
  symlinkSync(to, path);
};

const TRICKS: Readonly<Record<string, (place: Place) => void>> = {
  'a repository instead of .git': (place) => {
    rmSync(join(place.path, '.git'));
    const other = otherRepository(place, [['core.fsmonitor', place.program]]);
    renameSync(join(other, '.git'), join(place.path, '.git'));
  },
  '.git that leads to another repository': (place) => {
    const other = otherRepository(place, [['core.fsmonitor', place.program]]);
    writeFileSync(join(place.path, '.git'), `gitdir: ${other}/.git\n`);
  },
  'a watcher of a nested repository': (place) => nest(place, [['core.fsmonitor', place.program]]),
  'a filter of a nested repository': (place) => nest(place, [['filter.x.clean', place.program]]),
  'a commondir that leads elsewhere': (place) => {
    const other = otherRepository(place, [
      ['core.fsmonitor', place.program],
      ['filter.x.clean', place.program],
    ]);
    writeFileSync(join(place.path, '.gitattributes'), '* filter=x\n');
    writeFileSync(join(place.admin, 'commondir'), `${other}/.git\n`);
  },
  'settings of the worktree alone': (place) => {
    place.world.user('config', 'extensions.worktreeConfig', 'true');
    writeFileSync(join(place.path, '.gitattributes'), '* filter=x\n');
    place.agent('config', '--worktree', 'filter.x.clean', place.program);
    utimesSync(join(place.path, 'readme.md'), 1, 1);
  },
  'a log of HEAD that is a link': (place) => redirect(join(place.admin, 'logs/HEAD'), place.outside),
  'a log of HEAD that is another file as well': (place) => {
    rmSync(join(place.admin, 'logs/HEAD'));
    linkSync(place.outside, join(place.admin, 'logs/HEAD'));
  },
  'an index that is a link': (place) => {
    writeFileSync(place.outside, readFileSync(join(place.admin, 'index')));
    redirect(join(place.admin, 'index'), place.outside);
  },
  'an index that is a pipe': (place) => {
    rmSync(join(place.admin, 'index'));
    execFileSync('mkfifo', [join(place.admin, 'index')]);
  },
  'what git keeps of another worktree': (place) => {
    rmSync(join(place.path, '.git'));
    writeFileSync(join(place.path, '.git'), `gitdir: ${place.world.root}/.git/worktrees/b\n`);
  },
  'the branch of the person as HEAD': (place) => writeFileSync(join(place.admin, 'HEAD'), 'ref: refs/heads/main\n'),
};

/** Everything that the daemon does in a worktree, each whether or not it succeeds. */
const useAll = async ({ git, first }: World, path: string): Promise<unknown[]> => {
  const done: unknown[] = [];
  const uses = [
    () => git.worktreeState(path),
    () => git.writtenFolders(path),
    () => git.snapshot(path, 'look'),
    () => git.saveWork(path, 'save'),
    () => git.worktreeState(path),
    () => git.switchTo(path, 'drover/b2'),
    () => git.attach(path, 'drover/b2'),
    () => git.checkout(path, first),
    () => git.addWorktree(path, { commit: first }),
  ];
  for (const use of uses) done.push(await use().catch((error: Error) => error.message));
  return done;
};

test.each(Object.keys(TRICKS))('[SEC-7] the daemon’s own git is not tricked by %s', async (name) => {
  const place = await openPlace();
  await using world = place.world;
  await world.git.addWorktree(world.at('b'), { branch: await world.git.createBranch('drover/b', world.first) });
  await world.git.createBranch('drover/b2', world.first);
  TRICKS[name]!(place);
  const kept = readFileSync(place.outside);
  write(place.path, 'work.txt', 'unsaved\n');
  appendFileSync(join(place.path, 'readme.md'), 'more\n');
  rmSync(place.mark, { force: true });
  const before = [world.user('rev-parse', 'main'), world.user('rev-parse', 'drover/b')];
  await useAll(world, place.path);
  await world.git.worktrees();
  expect(existsSync(place.mark)).toBe(false);
  expect(readFileSync(place.outside)).toEqual(kept);
  expect([world.user('rev-parse', 'main'), world.user('rev-parse', 'drover/b')]).toEqual(before);
  await world.git.removeWorktree(place.path).catch(() => undefined);
  expect([existsSync(place.mark), readFileSync(place.outside)]).toEqual([false, kept]);
});

test('work beside a nested repository is seen and saved, and the nested one is left as it is', async () => {
  const place = await openPlace();
  await using world = place.world;
  nest(place, [['filter.x.clean', place.program]]);
  write(place.path, 'new/work.txt', 'new\n');
  write(place.path, 'second/.git/HEAD', 'ref: refs/heads/main\n');
  rmSync(join(place.path, 'readme.md'));
  const state = await world.git.worktreeState(place.path);
  expect(state.dirty).toEqual(expect.arrayContaining(['new/', 'readme.md']));
  expect(state.dirty.filter((one) => one.startsWith('inner'))).toEqual([]);
  const seen = (await world.git.snapshot(place.path, 'look')) ?? '';
  expect(await world.git.worktreeState(place.path)).toEqual(state);
  const saved = (await world.git.saveWork(place.path, 'save')) ?? '';
  for (const commit of [seen, saved]) {
    expect(await world.git.readFile(commit, 'new/work.txt')).toBe('new\n');
    expect(await world.git.readFile(commit, 'readme.md')).toBe(null);
  }
  expect(readFileSync(join(place.path, 'inner/file'), 'utf8')).toBe('one\n');
  expect(existsSync(place.mark)).toBe(false);
});

test('what was changed is told, with what to do', async () => {
  const place = await openPlace();
  await using world = place.world;
  TRICKS['a log of HEAD that is a link']!(place);
  await expect(world.git.worktreeState(place.path)).rejects.toMatchObject({
    code: 'git/tampered',
    exit: 4,
    message: expect.stringContaining('logs/HEAD is a symbolic link'),
    hint: expect.stringContaining('git worktree repair'),
  });
});

test('a worktree with harmless settings of its own is worked in', async () => {
  const place = await openPlace();
  await using world = place.world;
  world.user('config', 'extensions.worktreeConfig', 'true');
  place.agent('config', '--worktree', 'user.email', 'b@example.org');
  place.agent('config', '--worktree', 'core.sparseCheckout', 'false');
  expect((await world.git.worktreeState(place.path)).dirty).toEqual([]);
});

/** Links where git keeps the refs, logs and objects that all worktrees share. */
const SHARED: Readonly<Record<string, (git: string, outside: string) => void>> = {
  'the log of a branch that is a link': (git, outside) => {
    mkdirSync(join(git, 'logs/refs/heads/drover'), { recursive: true });
    symlinkSync(outside, join(git, 'logs/refs/heads/drover/new'));
  },
  'the log of a branch that is a file elsewhere as well': (git, outside) => {
    mkdirSync(join(git, 'logs/refs/heads/drover'), { recursive: true });
    linkSync(outside, join(git, 'logs/refs/heads/drover/new'));
  },
  'the log of a branch that is a pipe': (git) => {
    mkdirSync(join(git, 'logs/refs/heads/drover'), { recursive: true });
    execFileSync('mkfifo', [join(git, 'logs/refs/heads/drover/new')]);
  },
  'a folder of branches that is a link': (git, outside) => {
    rmSync(join(git, 'refs/heads/drover'), { recursive: true });
    mkdirSync(`${outside}.d`);
    symlinkSync(`${outside}.d`, join(git, 'refs/heads/drover'));
  },
  'folders of objects that are links': (git, outside) => {
    mkdirSync(`${outside}.d`);
    for (let n = 0; n < 256; n += 1) {
      const path = join(git, 'objects', n.toString(16).padStart(2, '0'));
      if (!existsSync(path)) symlinkSync(`${outside}.d`, path);
    }
  },
};

test.each(Object.keys(SHARED))('[SEC-7] git writes nothing outside through %s, and says where it is', async (name) => {
  const place = await openPlace();
  await using world = place.world;
  const theirs = world.commit(world.first, { theirs: 'x' });
  const ours = world.commit(world.first, { ours: 'x' });
  SHARED[name]!(join(world.root, '.git'), place.outside);
  const written = async () => {
    const merged = await landMerge(world.git, { ours, theirs, message: 'merge' });
    return world.git.createBranch('drover/new', merged.kind === 'landed' ? merged.commit : world.first);
  };
  await expect(written()).rejects.toMatchObject({
    code: 'git/linked',
    exit: 4,
    hint: expect.stringContaining('remove'),
  });
  expect(readFileSync(place.outside, 'utf8')).toBe('kept\n');
  expect(existsSync(`${place.outside}.d`) ? readdirSync(`${place.outside}.d`) : []).toEqual([]);
});

test('a pipe in the place of a branch keeps nobody waiting', async () => {
  const place = await openPlace();
  await using world = place.world;
  execFileSync('mkfifo', [join(world.root, '.git/refs/heads/drover/pipe')]);
  expect(await world.git.resolve('refs/heads/drover/pipe').catch(() => null)).toBe(null);
});
