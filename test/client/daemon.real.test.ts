import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { lostAnswer } from '../../src/client/errors.ts';
import { daemonGone } from '../../src/client/gone.ts';
import { openReplica } from '../../src/client/replica.ts';
import { ask } from '../../src/client/request.ts';
import { connectOrStart, privateFolder, runDaemon, tryConnect } from '../../src/client/start.ts';
import { AppError } from '../../src/lib/errors.ts';
import type { Paths } from '../../src/lib/paths.ts';
import { isRunning } from '../../src/process/is-running.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { openSwarm } from '../helpers/swarm.ts';

const view = { columns: 100, color: false };

const failure = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  return expect.fail(`not refused: ${String(error)}`);
};

/** A folder with the programs of the real PATH but those that are named. */
const pathWithout = (folder: string, missing: string): string => {
  const bin = join(folder, `without-${missing}`);
  mkdirSync(bin);
  for (const program of ['git', 'tmux', 'sh'])
    if (program !== missing)
      symlinkSync(spawnSync('which', [program], { encoding: 'utf8' }).stdout.trim(), join(bin, program));
  return bin;
};

test('a daemon that is to run in the place of a program says why it does not, where another one has the state', async () => {
  await using swarm = await openSwarm();
  const refused = await failure(runDaemon(swarm.paths, swarm.env));
  expect([refused.code, refused.exit, refused.message]).toEqual([
    'store/locked',
    6,
    `the swarm of this repository belongs to process ${process.pid} already`,
  ]);
});

test('[SEC-9] a daemon runs no program that lies in the checkout, with a PATH that looks there first', async () => {
  await using repository = daemonRepository({ env: { PATH: `.:${process.env['PATH']}` } });
  const { paths, env } = repository;
  for (const name of ['git', 'tmux', 'ps']) {
    writeFileSync(join(paths.root, name), `#!/bin/sh\ntouch ran\nexec /usr/bin/${name} "$@"\n`);
    chmodSync(join(paths.root, name), 0o755);
  }
  expect((await ask(paths, env, { text: 'launch 1 instance', actor: 'cli', view })).exit).toBe(0);
  expect(existsSync(join(paths.root, 'ran'))).toBe(false);
});

test('what keeps the memory of the daemon small is not handed on to what it starts, and leaves alone what a person has set', async () => {
  await using repository = daemonRepository({ env: { MALLOC_TRIM_THRESHOLD_: '65536' } });
  const { paths, env, tmux } = repository;
  const launched = await ask(paths, env, { text: 'launch 1 instance', actor: 'cli', view });
  expect(launched.exit).toBe(0);
  const malloc = (pid: number | string | undefined): string[] =>
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .filter((pair) => pair.startsWith('MALLOC_'))
      .toSorted();
  const pane = tmux('list-panes', '-a', '-F', '#{pane_pid}').split('\n')[0];
  expect(malloc(repository.pid())).toEqual([
    'MALLOC_ARENA_MAX=2',
    'MALLOC_MMAP_THRESHOLD_=131072',
    'MALLOC_TRIM_THRESHOLD_=65536',
  ]);
  expect(malloc(pane)).toEqual(['MALLOC_TRIM_THRESHOLD_=65536']);
});

test('[CLI-7] two that start the daemon at once reach the same one', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  const both = await Promise.all([connectOrStart(paths, env), connectOrStart(paths, env)]);
  for (const connection of both) connection.close();
  const pids = await Promise.all(
    [1, 2].map(async () => (await ask(paths, env, { text: 'status daemon', actor: 'cli', view })).data),
  );
  expect(pids).toMatchObject([{ pid: repository.pid() }, { pid: repository.pid() }]);
  expect(statSync(paths.socket).mode & 0o777).toBe(0o600);
  expect(statSync(paths.state).mode & 0o777).toBe(0o700);
});

test('[CLI-8] all clients of a daemon that was killed start one between them, and each has its answer', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  (await connectOrStart(paths, env)).close();
  await repository.crash();
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) => ask(paths, env, { text: `create task "Task ${i}"`, actor: 'cli', view })),
  );
  expect(answers.map(({ exit }) => exit)).toEqual(Array(6).fill(0));
  // One that comes too late is refused by the lock of the store, and says so in the log.
  const log = readFileSync(paths.daemonLog, 'utf8');
  expect(log.match(/listening on/gu)).toHaveLength(2);
  expect(log).not.toContain('belongs to process');
});

test('a socket that a dead daemon left behind is taken over', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  privateFolder(dirname(paths.socket));
  const listenAndDie =
    'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  spawnSync(process.execPath, ['-e', listenAndDie, paths.socket]);
  expect(existsSync(paths.socket)).toBe(true);
  expect(await tryConnect(paths)).toBeUndefined();
  expect(await ask(paths, env, { text: 'status swarm', actor: 'cli', view })).toMatchObject({ exit: 0 });
});

test('a daemon that cannot start says why, with its exit code', async () => {
  await using repository = daemonRepository();
  const { paths, env, root } = repository;
  const home = env['HOME'] ?? '';
  const start = (changes: Record<string, string> = {}) => failure(connectOrStart(paths, { ...env, ...changes }));
  expect(await start({ PATH: pathWithout(home, 'tmux') })).toMatchObject({ code: 'tmux/missing', exit: 1 });
  expect(await start({ PATH: pathWithout(home, 'git') })).toMatchObject({ code: 'git/missing', exit: 1 });
  writeFileSync(join(root, '.drover/config.json'), '{ "agnet": "claude" }');
  expect(await start()).toMatchObject({ exit: 2, message: expect.stringContaining('agnet') });
  expect(repository.pid()).toBeUndefined();
});

test('nothing of a repository that was removed is made again by whoever wants its daemon', async () => {
  await using repository = daemonRepository();
  const { paths, env, root } = repository;
  rmSync(root, { recursive: true });
  expect(await failure(connectOrStart(paths, env))).toMatchObject({ code: 'client/not-a-repository', exit: 2 });
  expect(existsSync(root)).toBe(false);
});

test('whoever looks at a swarm whose repository is moved away and back finds it again without a word', async () => {
  await using repository = daemonRepository();
  const { root, paths, env, pid } = repository;
  const replica = await openReplica({ paths, env, view: () => view, actor: 'tui' });
  try {
    const first = pid()!;
    renameSync(root, `${root}-moved`);
    await vi.waitUntil(() => !replica.connected && !isRunning(first));
    expect(replica.state.swarm.daemon).not.toBeNull();
    renameSync(`${root}-moved`, root);
    await vi.waitUntil(() => replica.connected, 30_000);
    expect(await replica.run('create task "One" id=t1')).toMatchObject({ exit: 0 });
    expect(pid()).not.toBe(first);
  } finally {
    replica.close();
  }
});

test('a repository that is moved away while its daemon and an agent work leaves nothing in its place', async () => {
  await using repository = daemonRepository();
  const { paths, env, root } = repository;
  await ask(paths, env, { text: 'launch 1 instance', actor: 'cli', view, yes: true });
  const pid = repository.pid()!;
  renameSync(root, `${root}-moved`);
  await vi.waitUntil(() => !isRunning(pid));
  repository.tmux('kill-server');
  expect(existsSync(root)).toBe(false);
});

test('a repository without a commit is refused by name', async () => {
  await using repository = daemonRepository();
  const { paths, env, git } = repository;
  git('update-ref', '-d', 'HEAD');
  expect(await failure(connectOrStart(paths, env))).toMatchObject({ code: 'git/no-commit', exit: 2 });
});

test('whoever waits for the end of a daemon finds its state put away', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  (await connectOrStart(paths, env)).close();
  await ask(paths, env, { text: 'stop daemon', actor: 'cli', view });
  await daemonGone(paths);
  expect(repository.pid()).toBeUndefined();
  expect(await tryConnect(paths)).toBeUndefined();
});

test('a folder for sockets is made private, and nothing that is no folder is taken for one', () => {
  using folder = temporaryFolder('private');
  const open = join(folder.path, 'open');
  mkdirSync(open);
  chmodSync(open, 0o755);
  privateFolder(open);
  expect(statSync(open).mode & 0o777).toBe(0o700);
  const elsewhere = join(folder.path, 'link');
  symlinkSync(open, elsewhere);
  expect(() => privateFolder(elsewhere)).toThrow(`${elsewhere} is a link and no folder`);
  rmSync(elsewhere);
  symlinkSync('nowhere', elsewhere);
  expect(() => privateFolder(elsewhere)).toThrow(`${elsewhere} is a link and no folder`);
});

/** Stands between a client and the daemon, and drops the first connections as soon as the daemon has answered. */
const openDropper = async (
  paths: Paths,
  socket: string,
  drops: number,
): Promise<AsyncDisposable & { asked: string[] }> => {
  const asked: string[] = [];
  let left = drops;
  const server = createServer((client) => {
    const daemon = connect(paths.socket);
    client.on('error', () => undefined);
    client.on('data', (chunk) => {
      asked.push(chunk.toString());
      daemon.write(chunk);
    });
    daemon.on('data', (chunk) => {
      if (left <= 0 || !chunk.includes('"kind":"reply"')) return void client.write(chunk);
      left -= 1;
      client.destroy();
      daemon.destroy();
    });
    client.on('close', () => daemon.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  return {
    asked,
    [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
  };
};

test('a request whose answer was lost is said again under the same id and has one effect', async () => {
  await using swarm = await openSwarm();
  const socket = join(swarm.root, '../dropper.sock');
  await using dropper = await openDropper(swarm.paths, socket, 1);
  const paths = { ...swarm.paths, socket };
  const reply = await ask(paths, swarm.env, { text: 'create task "Once"', actor: 'cli', view });
  expect(reply).toMatchObject({ exit: 0 });
  expect(Object.values((await swarm.state()).tasks).map(({ title }) => title)).toEqual(['Once']);
  const ids = dropper.asked.map((line) => (JSON.parse(line) as { id: string }).id);
  expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
});

test('a daemon that dies at each try is given up', async () => {
  await using swarm = await openSwarm();
  const socket = join(swarm.root, '../dropper.sock');
  await using _dropper = await openDropper(swarm.paths, socket, 100);
  const error = await failure(ask({ ...swarm.paths, socket }, swarm.env, { text: 'list tasks', actor: 'cli', view }));
  expect(error).toSatisfy(lostAnswer.matches);
  expect(error).toMatchObject({ exit: 7 });
});

test('a replica says again what was lost without an answer, with one effect', async () => {
  await using swarm = await openSwarm();
  const socket = join(swarm.root, '../dropper.sock');
  await using _dropper = await openDropper(swarm.paths, socket, 2);
  const paths = { ...swarm.paths, socket };
  const replica = await openReplica({ paths, env: swarm.env, view: () => view, actor: 'tui' });
  const replies = await Promise.all(['create task "One"', 'create task "Two"'].map((text) => replica.run(text)));
  replica.close();
  expect(replies.map(({ exit }) => exit)).toEqual([0, 0]);
  const { tasks } = await swarm.state();
  expect(Object.values(tasks).map(({ title }) => title)).toEqual(['One', 'Two']);
});

test('a replica stays readable while its daemon is gone, says so, and follows the next one from where it was', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  const heard: (readonly number[] | null)[] = [];
  const replica = await openReplica({
    ...{ paths, env, view: () => view, actor: 'tui' },
    heard: (events) => void heard.push(events?.map(({ seq }) => seq) ?? null),
  });
  const from = replica.state.seq;
  try {
    await replica.run('create task "Before" id=before');
    const seen: (readonly [boolean, string | undefined])[] = [];
    const stop = replica.subscribe(() => void seen.push([replica.connected, replica.state.tasks['before']?.title]));
    const first = repository.pid();
    await repository.crash();
    await vi.waitUntil(() => replica.state.swarm.daemon?.pid !== first);
    stop();
    expect(seen.find(([isConnected]) => !isConnected)).toEqual([false, 'Before']);
    expect([replica.connected, replica.state.swarm.daemon?.pid]).toEqual([true, repository.pid()]);
    expect(await ask(paths, env, { text: 'create task "After" id=after', actor: 'cli', view })).toMatchObject({
      exit: 0,
    });
    await vi.waitUntil(() => replica.state.tasks['after']?.title === 'After');
    const { seq } = replica.state;
    expect([heard[0], heard.slice(1).flat()]).toEqual([
      null,
      Array.from({ length: seq - from }, (_, n) => from + 1 + n),
    ]);
  } finally {
    replica.close();
  }
});

test('a replica whose daemon was told to end starts none, and joins the next that somebody starts', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  (await connectOrStart(paths, env)).close();
  // What the replica would start could not even start: without tmux.
  const crippled = { ...env, PATH: pathWithout(env['HOME'] ?? '', 'tmux') };
  const replica = await openReplica({ paths, env: crippled, view: () => view, actor: 'tui' });
  try {
    const { state } = replica;
    expect(await replica.run('stop daemon')).toMatchObject({ exit: 0 });
    await daemonGone(paths);
    await vi.waitUntil(() => !replica.connected);
    expect(replica.state.seq).toBeGreaterThanOrEqual(state.seq);
    expect(await failure(replica.run('status swarm'))).toMatchObject({ code: 'tmux/missing' });
    // What a view asks by itself is no reason to start one.
    expect(await failure(replica.ask('status swarm'))).toMatchObject({ code: 'client/no-daemon' });
    (await connectOrStart(paths, env)).close();
    await vi.waitUntil(() => replica.connected);
    expect(await replica.ask('status daemon')).toMatchObject({ data: { pid: repository.pid() } });
    expect(await replica.run('status daemon')).toMatchObject({ data: { pid: repository.pid() } });
  } finally {
    replica.close();
  }
});

test('what waits for an answer is told when no daemon can be started any more', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  (await connectOrStart(paths, env)).close();
  const crippled = { ...env, PATH: pathWithout(env['HOME'] ?? '', 'tmux') };
  const replica = await openReplica({ paths, env: crippled, view: () => view, actor: 'tui' });
  try {
    await replica.run('create task "Never done" id=idle-1');
    const waiting = replica.run('run task idle-1 wait=true');
    await repository.crash();
    const answer = await waiting;
    expect(answer).toMatchObject({ exit: 7, message: expect.stringContaining('tmux') });
    expect(answer.message).toMatch(/Whether the command was carried out is not known$/u);
    expect(replica.connected).toBe(false);
    expect(replica.state.tasks['idle-1']?.title).toBe('Never done');
  } finally {
    replica.close();
  }
});

test('several commands at once after a crash share one new connection', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  const replica = await openReplica({ paths, env, view: () => view, actor: 'tui' });
  try {
    await repository.crash();
    await vi.waitUntil(() => !replica.connected);
    const replies = await Promise.all(
      ['list tasks', 'list instances', 'status daemon'].map((text) => replica.run(text)),
    );
    expect(replies.map(({ exit }) => exit)).toEqual([0, 0, 0]);
  } finally {
    replica.close();
  }
  await vi.waitUntil(() => !replica.connected);
});
