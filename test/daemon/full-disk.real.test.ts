import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain } from '../helpers/io.ts';

/** Writes until not one more byte fits. */
const fillUp = (path: string): void => {
  const file = openSync(path, 'a');
  for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    try {
      for (;;) writeSync(file, Buffer.alloc(bytes, 'x'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
};

/** A repository whose swarm lies on a small disk of its own; undefined where none can be mounted. */
const onSmallDisk = () => {
  const repository = daemonRepository();
  const { state } = repository.paths;
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m,mode=0700', 'tmpfs', state]).status === 0;
  return {
    ...repository,
    mounted,
    drover: (...argv: readonly string[]) => runMain(argv, { cwd: repository.root, env: repository.env }),
    filler: `${state}/filler`,
    hasBallast: () => statSync(repository.paths.ballast, { throwIfNoEntry: false })?.size === 8 * 1024 * 1024,
    [Symbol.asyncDispose]: async () => {
      // What lies on the disk is in use until the daemon has ended.
      await repository.crash();
      spawnSync('umount', ['--lazy', state]);
      await repository[Symbol.asyncDispose]();
    },
  };
};

test('[REC-5] on a disk without one free byte a daemon starts, "status" and "stop" work, and with room all is as before', async ({
  skip,
}) => {
  await using swarm = onSmallDisk();
  if (!swarm.mounted) skip('a small disk can only be mounted by root');
  const { drover, filler, hasBallast, paths } = swarm;
  expect(await drover('do', 'launch 1 instance agent=rehearsal')).toMatchObject({ exit: 0 });
  await vi.waitUntil(hasBallast);

  await swarm.crash();
  fillUp(filler);
  expect(await drover('status')).toMatchObject({ exit: 0, stderr: '' });
  expect(existsSync(paths.ballast)).toBe(false);
  for (let n = 1; n <= 20; n += 1)
    expect(await drover('do', `create task "Task ${n}" id=t${n}`)).toMatchObject({ exit: 0, stderr: '' });
  expect((await drover('status')).stdout).toContain('is full');
  expect(await drover('do', 'stop all instances', '--yes')).toMatchObject({ exit: 0, stderr: '' });
  expect(await drover('daemon', 'stop')).toMatchObject({ exit: 0, stderr: '' });

  rmSync(filler);
  expect((await drover('tasks', 'list', '--json')).stdout).toContain('"t20"');
  const isOver = async () => !(await drover('list', 'alerts')).stdout.includes('is full');
  await vi.waitUntil(isOver, { timeout: 30_000, interval: 200 });
  expect(hasBallast()).toBe(true);
}, 120_000);

test('[REC-5] a disk that fills up under a daemon at work stops none of its commands', async ({ skip }) => {
  await using swarm = onSmallDisk();
  if (!swarm.mounted) skip('a small disk can only be mounted by root');
  expect(await swarm.drover('status')).toMatchObject({ exit: 0 });
  await vi.waitUntil(swarm.hasBallast);
  const daemon = swarm.pid();
  fillUp(swarm.filler);
  const long = 'x'.repeat(4000);
  for (let n = 1; n <= 10; n += 1)
    expect(await swarm.drover('tasks', 'create', '--title', `T${n}`, '--description', long)).toMatchObject({ exit: 0 });
  expect(swarm.pid()).toBe(daemon);
}, 120_000);
