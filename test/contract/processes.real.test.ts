import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { BWRAP } from '../../src/sandbox/layout.ts';
import { noSandbox } from '../helpers/sandbox.ts';
import { openTestTarget, TARGET_KINDS } from './target-kinds.ts';

const BINARY = String.raw`printf 'gr\303\274n \360\237\214\261 \000 \\ "\n'`;

/** A program that is not a child of the target, and is ended with the scope. */
const startSleep = (): ChildProcess & Disposable => {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  return Object.assign(child, { [Symbol.dispose]: () => void child.kill('SIGKILL') });
};

const statOf = (pid: number): string => execFileSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' })[0]!;

describe.each(TARGET_KINDS)('processes of a %s target', (kind) => {
  test('a program is run to its end with its input, folder and environment; its output comes back as it was', async () => {
    await using it = await openTestTarget(kind);
    const { processes } = it.target;
    const env = { ...it.env, WORD: 'a "word"' };
    const script = `${BINARY}; pwd; echo "$WORD"; cat; echo bad >&2; exit 3`;
    const exit = await processes.run({ file: 'sh', args: ['-c', script], cwd: it.root, env, input: 'in\u2028put' });
    expect(exit).toEqual({
      ...{ code: 3, signal: null, timedOut: false, stderr: 'bad\n' },
      stdout: `grün 🌱 \u0000 \\ "\n${it.root}\na "word"\nin\u2028put`,
    });
  });

  test('ports at which somebody listens are not free', async () => {
    await using it = await openTestTarget(kind);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await it.target.processes.freePorts([port])).toEqual([]);
    server.close();
    await once(server, 'close');
    expect(await it.target.processes.freePorts([port])).toEqual([port]);
  });

  test.runIf(process.platform === 'linux')('the processes in a folder are found, those below it too', async () => {
    await using it = await openTestTarget(kind);
    const folder = join(it.root, 'inner');
    mkdirSync(join(folder, 'deep'), { recursive: true });
    expect(await it.target.processes.livingIn(folder)).toEqual([]);
    const child = spawn('sleep', ['600'], { cwd: join(folder, 'deep'), stdio: 'ignore' });
    await once(child, 'spawn');
    const found = await it.target.processes.livingIn(folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(found).toEqual([{ pid: child.pid, argv: ['sleep', '600'] }]);
  });

  test.runIf(process.platform === 'linux')('git that the program itself runs in a folder is nobody in it', async () => {
    await using it = await openTestTarget(kind);
    const folder = join(it.root, 'inner');
    const pipe = join(folder, 'pipe');
    mkdirSync(folder);
    execFileSync('mkfifo', [pipe]);
    const git = it.target.processes.run({ file: 'git', args: ['hash-object', pipe], cwd: folder, env: it.env });
    // It is there when it reads.
    const writer = await open(pipe, 'w');
    const found = await it.target.processes.livingIn(folder);
    await writer.close();
    expect(await git).toMatchObject({ code: 0 });
    expect(found).toEqual([]);
  });

  test('what was begun at the same time ends each in its own time', async () => {
    await using it = await openTestTarget(kind);
    const run = (script: string) => it.target.processes.run({ file: 'sh', args: ['-c', script], env: it.env });
    const order: string[] = [];
    const named = async (name: string, script: string) => {
      await run(script);
      order.push(name);
    };
    const pipe = join(it.root, 'pipe');
    await run(`mkfifo '${pipe}'`);
    await Promise.all([named('first', `read x <'${pipe}'`), named('second', `echo >'${pipe}'; true`)]);
    expect(order.toSorted()).toEqual(['first', 'second']);
  });

  test('a program that is not there, a folder that is not there and a time that is over are told of', async () => {
    await using it = await openTestTarget(kind);
    const { processes } = it.target;
    await expect(processes.run({ file: 'no-such-program', args: [] })).rejects.toMatchObject({
      code: 'process/missing',
      hint: expect.stringContaining('PATH'),
    });
    await expect(processes.run({ file: 'true', args: [], cwd: '/no/such' })).rejects.toMatchObject({
      code: 'process/no-folder',
      exit: 3,
    });
    const late = await processes.run({ file: 'sleep', args: ['600'], timeoutMs: 50 });
    expect(late).toMatchObject({ timedOut: true, signal: 'SIGTERM' });
  });

  test('a run that is not wanted any more is ended with all that it started', async () => {
    await using it = await openTestTarget(kind);
    const { processes } = it.target;
    const stop = new AbortController();
    const pids = join(it.root, 'pids');
    const run = processes.run(
      { file: 'sh', args: ['-c', `sleep 600 & echo $! $$ >'${pids}.new'; mv '${pids}.new' '${pids}'; wait`] },
      stop.signal,
    );
    await vi.waitUntil(() => it.target.files.readText(pids));
    const started = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
    expect(await processes.running(started)).toEqual(new Set(started));
    stop.abort(new Error('not wanted'));
    await expect(run).rejects.toThrow('not wanted');
    // What it left to the system is taken away by the system.
    await expect.poll(() => processes.running(started)).toEqual(new Set());
    await expect(processes.run({ file: 'true', args: [] }, stop.signal)).rejects.toThrow('not wanted');
  });

  test('a program is found by its name as it would be run', async () => {
    await using it = await openTestTarget(kind);
    const { processes } = it.target;
    expect(await processes.find('sh')).toMatch(/\/sh$/);
    expect(await processes.find('/bin/sh')).toBe('/bin/sh');
    expect(await processes.find('no-such-program')).toBeNull();
    expect(await processes.find('/tmp')).toBeNull();
  });

  test('the end of a process that somebody else has started is told within a moment', async () => {
    await using it = await openTestTarget(kind);
    const { processes } = it.target;
    using child = startSleep();
    using other = startSleep();
    const { signal } = new AbortController();
    const ended = processes.ended(child.pid!, signal);
    const lost = new AbortController();
    const otherEnded = processes.ended(other.pid!, lost.signal);
    expect(await processes.running([child.pid!, other.pid!])).toEqual(new Set([child.pid, other.pid]));
    child.kill('SIGKILL');
    await ended;
    lost.abort(new Error('enough'));
    await expect(otherEnded).rejects.toThrow('enough');
    // What has ended before is no different.
    await processes.ended(child.pid!, signal);
  });

  test('processes are stopped and go on; what is gone needs neither, and what is not ours is named', async () => {
    await using it = await openTestTarget(kind);
    const { processes } = it.target;
    using child = startSleep();
    expect(await processes.signal([child.pid!], 'stop')).toEqual([]);
    await vi.waitUntil(() => statOf(child.pid!) === 'T');
    expect(await processes.signal([child.pid!], 'continue')).toEqual([]);
    await vi.waitUntil(() => statOf(child.pid!) === 'S');
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
    expect(await processes.signal([child.pid!], 'stop')).toEqual([]);
    if (process.getuid?.() !== 0) expect(await processes.signal([1], 'continue')).toEqual([1]);
  });

  test('what a process takes is measured with all that it started; one that is not there is missing', async () => {
    await using it = await openTestTarget(kind);
    using child = startSleep();
    const uses = await it.target.processes.measure([process.pid, child.pid!, 2 ** 22 + 1]);
    expect([...uses.keys()].toSorted()).toEqual([process.pid, child.pid!].toSorted());
    expect(uses.get(child.pid!)).toMatchObject({ processes: 1, memory: expect.any(Number) });
    expect(uses.get(process.pid)!.processes).toBeGreaterThan(1);
    expect(uses.get(process.pid)!.cpuMs).toBeGreaterThan(0);
    // What has no terminal cannot be in the foreground of one.
    child.kill('SIGSTOP');
    if (process.platform === 'linux') expect(await it.target.processes.halted([child.pid!])).toEqual([]);
  });

  test('it is shown where a process comes from, and that one is not there', async () => {
    await using it = await openTestTarget(kind);
    using sleep = startSleep();
    const before = Date.now();
    const found = await it.target.processes.lineages([sleep.pid!, 2 ** 30]);
    expect([...found.keys()]).toEqual([sleep.pid]);
    const [own, parent] = found.get(sleep.pid!)!;
    expect(own).toMatchObject({ pid: sleep.pid, parent: process.pid, argv: ['sleep', '600'], cwd: process.cwd() });
    expect(Math.abs(own!.startedAt - before)).toBeLessThan(60_000);
    expect(parent).toMatchObject({ pid: process.pid, parent: process.ppid });
    expect(found.get(sleep.pid!)!.at(-1)!.parent).toBe(0);
  });

  test.skipIf(noSandbox !== undefined)(
    '[SEC-9] a process in a world of its own is told from those in ours',
    async () => {
      await using it = await openTestTarget(kind);
      using ours = startSleep();
      const shown = async (...own: readonly string[]) => {
        const words = [...own, '--die-with-parent', '--ro-bind', '/', '/', '--dev', '/dev'];
        const child = spawn(BWRAP, [...words, 'sh', '-c', 'echo; exec sleep 600'], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        using _ended = { [Symbol.dispose]: () => void child.kill('SIGKILL') };
        await once(child.stdout, 'data');
        const inside = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
        const found = await it.target.processes.lineages([Number(inside || child.pid)]);
        return [...found.values()][0]![0]!.isApart;
      };
      expect((await it.target.processes.lineages([ours.pid!])).get(ours.pid!)!.map((one) => one.isApart)).not.toContain(
        true,
      );
      expect(await shown('--unshare-user', '--unshare-pid')).toBe(true);
      expect(await shown('--unshare-user')).toBe(true);
    },
  );

  test('of an environment only that is shown by which an agent is known', async () => {
    await using it = await openTestTarget(kind);
    const env = { ...process.env, DROVER_INSTANCE: 'kiro-1', DROVER_SPOOL: '/s', DROVER_TOKEN: 'secret' };
    const child = spawn('sleep', ['600'], { stdio: 'ignore', env });
    using _ended = { [Symbol.dispose]: () => void child.kill('SIGKILL') };
    await once(child, 'spawn');
    const found = await it.target.processes.lineages([child.pid!]);
    expect(found.get(child.pid!)![0]!.env).toEqual({ DROVER_INSTANCE: 'kiro-1', DROVER_SPOOL: '/s' });
  });
});
