import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openPipedTarget } from '../../src/target/piped.ts';
import { openTestTarget, WORKER } from '../contract/target-kinds.ts';
import { processes } from '../daemon/tree.ts';
import { alive } from '../helpers/daemon.ts';
import { shipped, testRepository } from '../helpers/swarm.ts';

const WAIT = { timeout: 30_000, interval: 20 };

/** The process at the other end: it is the only one that this process runs from that file. */
const workerPid = (): number =>
  processes().find(({ parent, args }) => parent === process.pid && args.includes(WORKER))!.pid;

test('when the other end dies all that is open rejects with one clear error, and so does what comes later', async () => {
  await using it = await openTestTarget('piped');
  const { processes: remote, files, logs, git } = it.target;
  const { signal } = new AbortController();
  const log = join(it.root, 'log');
  await logs.begin(log, { cols: 80, rows: 24 });
  const watch = files.watch(it.root, signal)[Symbol.asyncIterator]();
  await watch.next();
  const open = [
    remote.run({ file: 'sleep', args: ['600'] }),
    remote.ended(process.pid, signal),
    watch.next(),
    logs.tail(log, 10, signal)[Symbol.asyncIterator]().next(),
  ];
  const failures = Promise.allSettled(open);
  process.kill(workerPid(), 'SIGKILL');
  const lost = { name: 'AppError', code: 'machine/lost', message: expect.stringContaining('"worker"') };
  for (const one of await failures) expect(one).toMatchObject({ status: 'rejected', reason: lost });
  await expect(git.resolve('HEAD')).rejects.toMatchObject(lost);
  await expect(files.watch(it.root, signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject(lost);
});

test('when the daemon’s end is gone, what runs at the other end is ended and so is that end itself', async () => {
  await using it = await openTestTarget('piped');
  const pids = join(it.root, 'pids');
  const script = `echo $$ >'${pids}.new'; mv '${pids}.new' '${pids}'; exec sleep 600`;
  const run = it.target.processes.run({ file: 'sh', args: ['-c', script] }).catch((error: Error) => error);
  const pid = Number(await vi.waitUntil(() => it.target.files.readText(pids), WAIT));
  const worker = workerPid();
  await it.target[Symbol.asyncDispose]();
  expect([alive(pid), alive(worker)]).toEqual([false, false]);
  expect(await run).toMatchObject({ code: 'machine/lost' });
});

test('who reads a stream slowly is not sent more than he takes, and holds up nobody else', async () => {
  await using it = await openTestTarget('piped');
  const log = join(it.root, 'log');
  await it.target.logs.begin(log, { cols: 80, rows: 24 });
  writeFileSync(join(log, '000001.log'), new Uint8Array(64 * 1024 * 1024));
  const before = process.memoryUsage().rss;
  const slow = it.target.logs.read(log, 100 * 1024 * 1024)[Symbol.asyncIterator]();
  await slow.next();
  for (let n = 0; n < 50; n += 1) expect(await it.target.git.resolve('HEAD')).toMatch(/^\w{40}$/);
  expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024);
  let bytes = 256 * 1024;
  for (let next = await slow.next(); !next.done; next = await slow.next()) bytes += next.value.length;
  expect(bytes).toBe(64 * 1024 * 1024);
});

test('nothing but the edges can be asked for', async () => {
  await using it = await openTestTarget('piped');
  const edges = it.target as unknown as Record<string, Record<string, () => Promise<unknown>>>;
  expect(Object.keys(edges['files']!)).not.toContain('constructor');
  expect(edges['processes']!['exit']).toBeUndefined();
});

test('a place that is no repository, and a program that is none, are told of by those who open', async () => {
  using repository = testRepository();
  const { env } = repository;
  const paths = { ...repository.paths, root: env['HOME']! };
  const place = { host: 'worker', paths, shipped };
  await expect(openPipedTarget({ argv: [process.execPath, WORKER], env, place })).rejects.toMatchObject({
    code: 'git/not-a-repository',
  });
  await expect(openPipedTarget({ argv: ['no-such-program'], env, place })).rejects.toMatchObject({
    code: 'machine/lost',
    message: expect.stringContaining('"no-such-program" is not found'),
  });
  const dies = ['sh', '-c', 'echo "Permission denied" >&2; exit 255'] as const;
  await expect(openPipedTarget({ argv: dies, env, place })).rejects.toMatchObject({
    message: 'the connection to the machine "worker" is gone: Permission denied',
  });
  await expect(openPipedTarget({ argv: ['echo', 'Welcome!'], env, place })).rejects.toMatchObject({
    code: 'machine/unclear',
  });
});
