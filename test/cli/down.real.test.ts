import { execFileSync } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { State } from '../../src/state/index.ts';
import { sayAs } from '../daemon/process.ts';
import { until } from '../daemon/until.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain } from '../helpers/io.ts';

test('"drover down" ends the daemon also while somebody waits for a task, who is told that it did not get done', async () => {
  await using repository = daemonRepository();
  const drover = (...argv: readonly string[]) => runMain(argv, { cwd: repository.root, env: repository.env });
  await drover('tasks', 'create', '--title', 'Ask', '--description', 'rehearse: ask Which port?');
  const waiting = drover('do', 'run task t1 wait=true');
  const asks = async () =>
    (await drover('instances', 'list', '--state', 'waiting', '--json')).stdout.includes('Which port?');
  await vi.waitUntil(asks, { timeout: 30_000, interval: 200 });
  const { exit, stderr } = await drover('down', '--yes');
  expect([exit, stderr]).toEqual([0, '']);
  expect(await waiting).toMatchObject({ exit: 1, stderr: expect.stringContaining('t1 did not get done') });
  expect(repository.pid()).toBeUndefined();
});

test('"drover down" where nothing runs says that there was no daemon either, and of one that was there that it ends', async () => {
  await using repository = daemonRepository();
  const drover = (...argv: readonly string[]) => runMain(argv, { cwd: repository.root, env: repository.env });
  expect(await drover('down')).toMatchObject({ exit: 0, stdout: 'Nothing was running, no agent and no daemon.\n' });
  await drover('daemon', 'start');
  expect(await drover('down')).toMatchObject({ exit: 0, stdout: 'Nothing was running. The daemon ends as well.\n' });
});

test('[INS-9] "drover down" commits what is uncommitted also where a git that was killed has left its lock, old or new', async () => {
  await using repository = daemonRepository();
  const { env, paths, root, tmux } = repository;
  const drover = (...argv: readonly string[]) => runMain(argv, { cwd: root, env });
  const state = async () =>
    ((await sayAs(paths, '', 'status swarm detailed'))?.data as { state: State } | undefined)!.state;
  await drover('do', 'launch 2 instances');
  for (const id of ['t1', 't2']) {
    await drover('do', `create task "Long" id=${id} description="rehearse: hang"`);
    await drover('do', `run task ${id}`);
  }
  const { tasks, instances } = await until({ state }, (now) =>
    ['t1', 't2'].every((id) => (now.tasks[id]?.run?.progress ?? 0) > 0),
  );
  const git = (cwd: string, ...args: readonly string[]) =>
    execFileSync('git', args, { cwd, env, encoding: 'utf8' }).trim();
  const places = ['t1', 't2'].map((id) => instances[tasks[id]!.run!.instance]!.workspace_path);
  const locks = places.map((place) => join(git(place, 'rev-parse', '--absolute-git-dir'), 'index.lock'));
  for (const place of places) writeFileSync(join(place, 'half.txt'), 'half\n');
  for (const lock of locks) writeFileSync(lock, '');
  utimesSync(locks[0]!, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));

  const { exit, stdout, stderr } = await drover('down', '--yes');
  expect([exit, stdout, stderr]).toEqual([
    0,
    'Stopped 2 instances: rehearsal-1, rehearsal-2. The daemon ends as well.\n',
    '',
  ]);
  expect([tmux('list-sessions'), repository.pid(), existsSync(paths.socket)]).toEqual(['', undefined, false]);
  expect(locks.map((lock) => existsSync(lock))).toEqual([false, false]);
  expect(places.map((place) => git(place, 'status', '--porcelain'))).toEqual(['', '']);
  for (const id of ['t1', 't2']) expect(git(root, 'show', `${tasks[id]!.run!.branch}:half.txt`)).toBe('half');
});
