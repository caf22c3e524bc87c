import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { openSwarm, type Swarm, testRepository } from '../helpers/swarm.ts';
import { drover, openProgram, userThings } from './program.ts';

const environment = (folder: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  TMUX_TMPDIR: folder,
  XDG_DATA_HOME: join(folder, 'data'),
  GIT_CEILING_DIRECTORIES: folder,
});

const commit = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '--allow-empty', '-m', 'x'];

const COMMANDS: readonly (readonly string[])[] = [['init'], ['list', 'tasks'], ['down']];

test.each(COMMANDS)('outside of a repository "drover %s" says so and ends with 2', async (...argv) => {
  using folder = temporaryFolder('bad');
  const { exit, stdout, stderr } = await drover(argv, { cwd: folder.path, env: environment(folder.path) });
  expect([exit, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    `drover: ${folder.path} is not inside a git repository.\nGo into one, or make one: git init && git commit --allow-empty -m "first".\n`,
  );
});

test('a bare repository is refused by name', async () => {
  using folder = temporaryFolder('bad');
  const root = join(folder.path, 'bare.git');
  execFileSync('git', ['init', '-q', '--bare', root]);
  const { exit, stderr } = await drover(['list', 'tasks'], { cwd: root, env: environment(folder.path) });
  expect([exit, stderr.split('\n')[0]]).toEqual([
    2,
    `drover: ${root} is a bare repository: there is no checkout to work from.`,
  ]);
});

test('a repository without a commit is refused with the command that makes one', async () => {
  using folder = temporaryFolder('bad');
  const root = join(folder.path, 'empty');
  execFileSync('git', ['init', '-q', root]);
  const place = { cwd: root, env: environment(folder.path) };
  for (const argv of [['init'], ['list', 'tasks']]) {
    const { exit, stdout, stderr } = await drover(argv, place);
    expect([exit, stdout, stderr]).toEqual([
      2,
      '',
      `drover: the repository "${root}" has no commit yet.\nMake one: git commit --allow-empty -m "first"\n`,
    ]);
  }
});

const worksThrough = async (swarm: Swarm): Promise<void> => {
  await swarm.say('create task "Say hello" check="test -d rehearsal" id=demo-1');
  expect(await swarm.say('run task demo-1 wait=true')).toMatchObject({ exit: 0, message: '1 task done.' });
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  expect(swarm.git('log', '--format=%s', '-1', 'drover/integration')).toBe('Merge demo-1: Say hello');
};

test.each(['my repo ü', `it's a "test" $(touch x) \`y\`; #{pid} %H`, '-dash', 'dots.and:colons', '界 🙂'])(
  'a whole task is done and merged in a repository called %s',
  async (name) => {
    await using swarm = await openSwarm({ name });
    await worksThrough(swarm);
    expect((await swarm.say('stop all instances')).exit).toBe(0);
  },
);

test('a dirty checkout is the same to the byte after launch, run, merge and stop', async () => {
  await using swarm = await openSwarm({ files: { 'a.txt': 'one\n', 'b.txt': 'two\n', 'c.txt': 'three\n' } });
  const { root } = swarm;
  writeFileSync(join(root, 'a.txt'), 'stashed\n');
  swarm.git('stash');
  writeFileSync(join(root, 'a.txt'), 'changed\n');
  writeFileSync(join(root, 'b.txt'), 'staged\n');
  swarm.git('add', 'b.txt');
  rmSync(join(root, 'c.txt'));
  writeFileSync(join(root, 'new file ü.txt'), 'untracked\n');
  writeFileSync(join(root, '.git', 'hooks', 'post-checkout'), '#!/bin/sh\ntouch "$GIT_DIR/hook-ran"\n', {
    mode: 0o755,
  });
  symlinkSync('nowhere', join(root, 'dangling'));
  const before = userThings(root);
  const status = swarm.git('status', '--porcelain', '-z');
  await worksThrough(swarm);
  expect((await swarm.say('stop all instances')).exit).toBe(0);
  expect(userThings(root)).toEqual(before);
  expect([swarm.git('status', '--porcelain', '-z'), swarm.git('stash', 'list').split('\n').length]).toEqual([
    status,
    1,
  ]);
});

/** The same by the words of a shell, with an environment of one's own. */
const worksByShell = async (cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<void> => {
  const place = { cwd, env };
  try {
    expect(await drover(['create', 'task', 'Say hello', '--id', 's'], place)).toMatchObject({ exit: 0, stderr: '' });
    expect(await drover(['do', 'run task s agent=rehearsal wait=true'], place)).toMatchObject({ exit: 0, stderr: '' });
    expect(await drover(['merge', 'completed', 'branches'], place)).toMatchObject({ exit: 0, stderr: '' });
  } finally {
    expect(await drover(['down', '--yes'], place)).toMatchObject({ exit: 0, stderr: '' });
  }
};

test('GIT_DIR and its like in the environment of the caller turn nothing elsewhere', async () => {
  using other = testRepository({ name: 'other' });
  const before = userThings(other.root);
  await using program = openProgram();
  await worksByShell(program.root, {
    ...program.env,
    GIT_DIR: join(other.root, '.git'),
    GIT_WORK_TREE: other.root,
    GIT_INDEX_FILE: join(other.root, '.git', 'index'),
    GIT_AUTHOR_NAME: 'Mallory',
    GIT_OBJECT_DIRECTORY: join(other.root, '.git', 'objects'),
  });
  // Whose commits an agent makes is for the person to say; merges are made by the repository's own.
  expect(program.git('log', '--topo-order', '--format=%an', 'drover/integration').split('\n')).toEqual([
    'Ada',
    'Mallory',
    'Ada',
  ]);
  expect(program.git('log', '--format=%s', '-1', 'drover/integration')).toBe('Merge s: Say hello');
  expect(userThings(other.root)).toEqual(before);
  expect(other.git('branch', '--format=%(refname:short)')).toBe('main');
});

test('a repository inside a repository is its own; a worktree of it and a subfolder belong to it', async () => {
  await using outer = openProgram({ name: 'outer' });
  const inner = join(outer.root, 'vendor', 'inner');
  mkdirSync(inner, { recursive: true });
  execFileSync('git', ['init', '-q'], { cwd: inner, env: outer.env });
  execFileSync('git', commit, { cwd: inner, env: outer.env });
  const linked = join(outer.root, '..', 'linked');
  outer.git('worktree', 'add', '-q', linked);
  mkdirSync(join(outer.root, 'deep', 'er'), { recursive: true });
  expect((await outer.drover('create', 'task', 'Of the outer one')).exit).toBe(0);
  const tasks = async (cwd: string) => (await drover(['list', 'tasks', '--json'], { cwd, env: outer.env })).stdout;
  for (const cwd of [linked, join(outer.root, 'deep', 'er')]) expect(await tasks(cwd)).toContain('Of the outer one');
  try {
    expect(JSON.parse(await tasks(inner))).toEqual([]);
  } finally {
    await drover(['daemon', 'stop'], { cwd: inner, env: outer.env });
  }
});

test('in a submodule the swarm is that of the submodule, and its parent is left alone', async () => {
  using source = testRepository({ name: 'source' });
  using parent = testRepository({ name: 'parent' });
  parent.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', source.root, 'sub');
  parent.git('commit', '-q', '-m', 'submodule');
  const cwd = join(parent.root, 'sub');
  const before = userThings(parent.root);
  await worksByShell(cwd, parent.env);
  expect(userThings(parent.root)).toEqual(before);
  expect(parent.git('branch', '--format=%(refname:short)')).toBe('main');
});

test('a relative path of a spec starts from the folder of the caller', async () => {
  await using program = openProgram({ files: { 'docs/plan/tasks.md': '- [ ] 1. One\n' } });
  const place = { cwd: join(program.root, 'docs'), env: program.env };
  const { exit, stdout } = await drover(['import', 'spec', './plan'], place);
  expect([exit, stdout]).toEqual([0, expect.stringContaining('plan: 1 task')]);
  // A word that means something by itself is not taken for a folder.
  const bare = await drover(['import', 'spec', 'plan'], place);
  expect([bare.exit, bare.stderr]).toEqual([2, expect.stringContaining('write ./plan')]);
  const wrong = await drover(['import', 'spec', '../plan'], place);
  expect([wrong.exit, wrong.stderr]).toEqual([
    3,
    expect.stringContaining(`${program.root}/plan/tasks.md cannot be read`),
  ]);
});

test('without HOME, and with spaces in the XDG folders, everything still has its place', async () => {
  using folder = temporaryFolder('bad');
  const data = join(folder.path, 'my data ü');
  await using program = openProgram({ env: { XDG_DATA_HOME: data, XDG_RUNTIME_DIR: join(folder.path, 'run time') } });
  const { HOME: _home, ...env } = program.env;
  await worksByShell(program.root, env);
  expect(readdirSync(join(data, 'drover', 'worktrees'))).toHaveLength(1);
});

test('a branch of the user’s called drover is in the way, is named, and stays where it is', async () => {
  await using swarm = await openSwarm();
  swarm.git('branch', 'drover');
  const before = userThings(swarm.root);
  const reply = await swarm.say('launch 1 instance');
  expect([reply.exit, reply.message]).toEqual([
    1,
    expect.stringContaining('the branch "drover/rehearsal-1" cannot be made, because "drover" exists'),
  ]);
  expect(reply.message).toContain('git branch -m "drover" "drover-old"');
  expect(userThings(swarm.root)).toEqual(before);
  swarm.git('branch', '-m', 'drover', 'old');
  expect((await swarm.say('restart instance rehearsal-1')).exit).toBe(0);
});

test('an integration branch that the user has checked out is not moved under their feet', async () => {
  await using swarm = await openSwarm();
  swarm.git('switch', '-q', '-c', 'drover/integration');
  appendFileSync(join(swarm.root, '.git', 'info', 'exclude'), '');
  await swarm.say('create task "Say hello" id=demo-1');
  expect((await swarm.say('run task demo-1 wait=true')).exit).toBe(0);
  const before = userThings(swarm.root);
  const head = swarm.git('rev-parse', 'HEAD');
  const reply = await swarm.say('merge completed branches');
  expect(reply.exit).not.toBe(0);
  expect(reply.message).toContain(`is checked out in "${swarm.root}"`);
  expect([swarm.git('rev-parse', 'HEAD'), swarm.git('status', '--porcelain')]).toEqual([head, '']);
  expect(userThings(swarm.root)).toEqual(before);
  // Nothing is lost: as soon as it is free the same work is merged.
  swarm.git('switch', '-q', 'main');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  expect(swarm.git('log', '--format=%s', '-1', 'drover/integration')).toBe('Merge demo-1: Say hello');
});

test('an integration branch of the user’s own is built upon, not replaced', async () => {
  await using swarm = await openSwarm();
  swarm.git('switch', '-q', '-c', 'drover/integration');
  swarm.git('commit', '-q', '--allow-empty', '-m', 'mine');
  swarm.git('switch', '-q', 'main');
  await worksThrough(swarm);
  expect(swarm.git('log', '--format=%s', 'drover/integration').split('\n')).toContain('mine');
});

test('an integration branch that is checked out in another worktree of the user’s is not moved either', async () => {
  await using swarm = await openSwarm();
  const mine = join(swarm.root, '..', 'mine');
  swarm.git('worktree', 'add', '-q', '-b', 'drover/integration', mine);
  await swarm.say('create task "Say hello" id=demo-1');
  expect((await swarm.say('run task demo-1 wait=true')).exit).toBe(0);
  const head = swarm.git('rev-parse', 'drover/integration');
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([6, expect.stringContaining(`is checked out in "${mine}"`)]);
  expect([swarm.git('rev-parse', 'drover/integration'), swarm.git('-C', mine, 'status', '--porcelain')]).toEqual([
    head,
    '',
  ]);
  swarm.git('worktree', 'remove', mine);
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
});

test.each([76, 240])('a repository whose name has %d letters has its socket somewhere', async (length) => {
  await using program = openProgram({ name: 'd'.repeat(length) });
  const env = { ...program.env, XDG_RUNTIME_DIR: join(program.root, '..', 'run') };
  const place = { cwd: program.root, env };
  expect(await drover(['create', 'task', 'One'], place)).toMatchObject({ exit: 0, stderr: '' });
  expect(await drover(['daemon', 'stop'], place)).toMatchObject({ exit: 0, stderr: '' });
});
