import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { presentLife } from '../../src/client/lives.ts';
import { versionOf } from '../../src/client/package.ts';
import { type Ask, ask } from '../../src/client/request.ts';
import { connectOrStart } from '../../src/client/start.ts';
import type { AppError } from '../../src/lib/errors.ts';
import type { Life } from '../../src/state/lives.ts';
import { BUILT, startDaemon } from '../daemon/process.ts';
import { alive, daemonRepository } from '../helpers/daemon.ts';
import { drover } from '../bad-input/program.ts';

const view = { columns: 100, color: false };
const cli = { actor: 'cli', view } as const;
/** Agents that are at work for longer than any test. */
const ENDLESS = { DROVER_REHEARSAL_TASK_MS: '300000' };
const listing: Ask = { ...cli, text: 'list tasks' };

test('a client of a later version has the daemon replaced, once, and whoever waits gets the answer of the new one', async () => {
  await using repository = daemonRepository({ env: { DROVER_REHEARSAL_TASK_MS: '3000' } });
  const { paths, env } = repository;
  const told: string[] = [];
  const tell = (sentence: string) => void told.push(sentence);
  await using old = await startDaemon(repository, ':', BUILT, '0.0.9');
  const before = repository.pid();
  // Whoever has seen this daemon waits for a task.
  const agent = { ...env, DROVER_TOKEN: 'x' };
  expect(await ask(paths, agent, { ...cli, text: 'create task "Later" id=idle-1' })).toMatchObject({ exit: 0 });
  const waiting = ask(paths, agent, { ...cli, text: 'run task idle-1 wait=true' });
  await vi.waitUntil(async () => (await repositoryLog(paths.communicationLog)).includes('run task idle-1'));
  expect(repository.pid()).toBe(before);
  expect(await ask(paths, env, listing, { tell })).toMatchObject({ exit: 0 });
  await old.exited;
  expect(told).toEqual([
    `The daemon of version 0.0.9 was replaced by one of version ${versionOf()}; the agents go on.`,
  ]);
  const after = repository.pid();
  expect([presentLife(paths)?.version, after === before]).toEqual([versionOf(), false]);
  // How far the first daemon came is a matter of moments: the new one goes on with it, or says what is not known.
  expect((await waiting).message).toMatch(/begun before the daemon ended|task done/);
  expect([told.length, repository.pid()]).toEqual([1, after]);
});

const repositoryLog = async (file: string): Promise<string> => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

test('an older client leaves a newer daemon alone, so that two versions never take turns', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  await using _newer = await startDaemon(repository, ':', BUILT, '99.0.0');
  const pid = repository.pid();
  const told: string[] = [];
  for (let i = 0; i < 3; i += 1) await ask(paths, env, listing, { tell: (sentence) => void told.push(sentence) });
  expect([repository.pid(), told]).toEqual([pid, []]);
});

test('whoever waits while somebody ends the daemon starts no other, and is told', async () => {
  await using repository = daemonRepository({ env: ENDLESS });
  const { paths, env } = repository;
  await using _daemon = await startDaemon(repository, ':', BUILT);
  await ask(paths, env, { ...cli, text: 'create task "Later" id=idle-1' });
  const waiting = ask(paths, env, { ...cli, text: 'run task idle-1 wait=true' }, { successorMs: 100 }).catch(
    (error: unknown) => error as AppError,
  );
  await vi.waitUntil(async () => (await repositoryLog(paths.communicationLog)).includes('run task idle-1'));
  await ask(paths, env, { ...cli, text: 'stop daemon' });
  expect(await waiting).toMatchObject({ code: 'client/dismissed', exit: 7 });
  expect(repository.pid()).toBeUndefined();
});

test('a daemon that is ending, and listens no more, is waited for: no other is started beside it', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  (await connectOrStart(paths, env)).close();
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', 'daemon/main'], { stdio: 'ignore' });
  await once(holder, 'spawn');
  await repository.crash();
  writeFileSync(`${paths.lock}.pid`, `${holder.pid}\n`);
  // Whoever would not wait had begun before it is told to end.
  let toldAt = Number.POSITIVE_INFINITY;
  setTimeout(() => {
    toldAt = Date.now();
    holder.kill('SIGKILL');
  }, 300);
  const reply = ask(paths, env, listing);
  expect(await reply).toMatchObject({ exit: 0 });
  expect(Date.parse(presentLife(paths)!.from)).toBeGreaterThanOrEqual(toldAt);
});

test('a daemon that ends by itself again and again is started later, and why is said everywhere', async () => {
  await using repository = daemonRepository();
  const { paths, env, root } = repository;
  (await connectOrStart(paths, env)).close();
  await repository.crash();
  const now = new Date().toISOString();
  const failed: Life = {
    ...{ pid: 1, version: versionOf(), from: now, to: now, silent_ms: 0, asleep_ms: 0 },
    ...{ end: 'failed', why: 'the moon was full' },
  };
  for (let pid = 1; pid <= 12; pid += 1) appendFileSync(paths.lives, `${JSON.stringify({ ...failed, pid })}\n`);
  const error = await ask(paths, env, listing).catch((thrown: unknown) => thrown as AppError);
  expect(error).toMatchObject({ code: 'client/ends-again', exit: 7 });
  const status = await drover(['daemon', 'status'], { cwd: root, env });
  expect([status.exit, status.stderr]).toEqual([7, expect.stringContaining('it was killed')]);
  expect(status.stderr).toContain('started again from');
  expect(repository.pid()).toBeUndefined();
  // A person who wants one gets one.
  expect(await drover(['daemon', 'start'], { cwd: root, env })).toMatchObject({ exit: 0 });
  const alert = async () => (await ask(paths, env, { ...cli, text: 'list alerts' })).text;
  await vi.waitUntil(async () => (await alert()).includes('ended by itself 13 times'));
});

test('an error that nobody caught ends the daemon, and the next one knows why', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  const file = `${env['HOME']}/throws.mjs`;
  writeFileSync(
    file,
    "if (/daemon.main/u.test(process.argv[1] ?? '')) process.on('SIGUSR2', () => { throw new Error('a bug of ours'); });\n",
  );
  (await connectOrStart(paths, { ...env, NODE_OPTIONS: `--import=${file}` })).close();
  const pid = repository.pid()!;
  process.kill(pid, 'SIGUSR2');
  await vi.waitUntil(() => !alive(pid));
  expect(await ask(paths, env, { ...cli, text: 'report availability' })).toMatchObject({ data: { deaths: 1 } });
  expect(readFileSync(paths.lives, 'utf8')).toContain('"end":"failed","why":"a bug of ours"');
});

test('a call over ssh ends although its daemon and its agents go on: they keep nothing of it', async () => {
  await using repository = daemonRepository();
  const { root, env, tmux } = repository;
  // As sshd does for a command: a session of its own, no terminal, pipes that are read until everybody has let them go.
  const program = new URL('../../bin/drover.js', import.meta.url).pathname;
  const call = spawn(process.execPath, [program, 'launch', 'instance', 'agent=rehearsal'], {
    ...{ cwd: root, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
  });
  call.stdout.resume();
  call.stderr.resume();
  // `close` comes only when no process at all has the pipes any more.
  const [code] = await once(call, 'close');
  expect(code).toBe(0);
  const daemon = repository.pid()!;
  expect(() => process.kill(-call.pid!, 'SIGHUP')).toThrow('ESRCH');
  expect(alive(daemon)).toBe(true);
  process.kill(daemon, 'SIGHUP');
  expect(await drover(['daemon', 'status', '--json'], { cwd: root, env })).toMatchObject({
    stdout: expect.stringContaining(`"pid": ${daemon},`),
  });
  expect(tmux('list-sessions', '-F', '#{session_name}')).toBe('r-rehearsal-1');
});
