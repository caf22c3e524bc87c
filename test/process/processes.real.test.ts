import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { openProcesses } from '../../src/process/broker.ts';
import { start } from '../../src/process/run.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const PATH = process.env['PATH'] ?? '';
const env = { PATH };
const shell = (script: string) => ({ file: 'sh', args: ['-c', script], env });

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // What nobody has waited for yet is listed as a zombie.
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

const parentOf = async (processes: Awaited<ReturnType<typeof openProcesses>>): Promise<number> =>
  Number((await processes.run(shell('echo $PPID'))).stdout);

describe.each([
  { forked: true, who: 'the broker' },
  { forked: false, who: 'this process' },
])('started by $who', ({ forked }) => {
  test('a program gets its arguments, its input and exactly the environment it was given', async () => {
    await using processes = await openProcesses({ forked });
    const hostile = `a b"c'$(id)\n*`;
    const echoed = await processes.run({ file: 'printf', args: ['%s', hostile], env });
    const read = await processes.run({ file: 'cat', args: [], env, input: 'grüße' });
    const seen = await processes.run({ file: 'env', args: [], env: { PATH, ONLY: 'this' }, cwd: '/' });
    expect([echoed.stdout, read.stdout, seen.stdout.split('\n').toSorted()]).toEqual([
      hostile,
      'grüße',
      ['', 'ONLY=this', `PATH=${PATH}`],
    ]);
    expect(processes.started).toBe(3);
  });

  test('an exit code, a signal and both outputs are told as they are', async () => {
    await using processes = await openProcesses({ forked });
    expect(await processes.run(shell('echo out; echo err >&2; exit 3'))).toEqual({
      code: 3,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
    });
    expect(await processes.run(shell('kill -9 $$'))).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: false });
  });

  test('only the tail of a long output is kept', async () => {
    await using processes = await openProcesses({ forked });
    const { stdout } = await processes.run({ ...shell('seq 1 50000; printf end'), maxBytes: 10 });
    expect(stdout).toBe('\n50000\nend'.slice(-10));
  });

  test('a program that does not read its input is no failure', async () => {
    await using processes = await openProcesses({ forked });
    const exit = await processes.run({ ...shell('exit 0'), input: 'x'.repeat(1_000_000) });
    expect(exit.code).toBe(0);
  });

  test('what cannot be started is told in one sentence', async () => {
    await using processes = await openProcesses({ forked });
    const told = async (request: Parameters<typeof processes.run>[0]) =>
      processes.run(request).catch((error: unknown) => error);
    expect(await told({ file: 'no-such-program', args: [], env })).toMatchObject({ code: 'process/missing', exit: 1 });
    expect(await told({ file: 'ls', args: [], env, cwd: '/no/such/folder' })).toMatchObject({
      code: 'process/no-folder',
      exit: 3,
    });
    expect(await told({ file: 'ls', args: ['a\0b'], env })).toMatchObject({
      code: 'process/refused',
      exit: 1,
      message: '"ls" could not be started: a NUL character stands in its arguments',
    });
    expect(await told({ file: '/etc/passwd', args: [], env })).toMatchObject({
      code: 'process/refused',
      message: '"/etc/passwd" could not be started: permission is denied',
    });
  });

  test('a time-out ends the whole process group, even of those that do not want to leave', async () => {
    using folder = temporaryFolder('process');
    await using processes = await openProcesses({ forked });
    const pidFile = join(folder.path, 'pid');
    const script = `trap '' TERM; (trap '' TERM; echo $BASHPID > '${pidFile}'; sleep 60 & wait; sleep 60) & wait; sleep 60`;
    // Long enough for a shell to come up that shall not want to leave by then.
    const exit = await processes.run({ file: 'bash', args: ['-c', script], env, timeoutMs: 3000 });
    expect(exit).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: true });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await vi.waitUntil(() => !isAlive(pid));
  });

  test('an abort ends the whole process group and rejects with its reason', async () => {
    using folder = temporaryFolder('process');
    await using processes = await openProcesses({ forked });
    const pidFile = join(folder.path, 'pid');
    const controller = new AbortController();
    const running = processes.run(
      shell(`sleep 60 & echo $! > '${pidFile}.new'; mv '${pidFile}.new' '${pidFile}'; wait`),
      controller.signal,
    );
    const outcome = running.catch((error: unknown) => error);
    await vi.waitUntil(() => existsSync(pidFile));
    controller.abort(new Error('enough'));
    expect(await outcome).toMatchObject({ message: 'enough' });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await vi.waitUntil(() => !isAlive(pid));
    await expect(processes.run(shell('exit 0'), controller.signal)).rejects.toThrow('enough');
    expect(processes.started).toBe(1);
  });

  test('a program that stands still is ended with all it has started, and one that works is not', async () => {
    await using processes = await openProcesses({ forked });
    const begun = performance.now();
    const still = await processes.run({ ...shell('sh -c "sleep 61; :"; :'), stallMs: 300 });
    expect(still).toMatchObject({ signal: 'SIGTERM', timedOut: false, stalled: 'sleep 61' });
    expect(performance.now() - begun).toBeLessThan(30_000);
    const busy = 'end=$(($(date +%s) + 2)); while [ $(date +%s) -lt $end ]; do :; done; echo done';
    expect(await processes.run({ ...shell(busy), stallMs: 300 })).toMatchObject({ code: 0, stdout: 'done\n' });
  });

  test('a program that leaves something running behind does not hold its caller up', async () => {
    await using processes = await openProcesses({ forked });
    const exit = await processes.run(shell('sleep 60 & echo $!'));
    expect(exit).toMatchObject({ code: 0, timedOut: false });
    await vi.waitUntil(() => !isAlive(Number(exit.stdout)));
  });

  test('closing ends what still runs, and nothing is started afterwards', async () => {
    using folder = temporaryFolder('process');
    const pidFile = join(folder.path, 'pid');
    const processes = await openProcesses({ forked });
    const outcome = processes.run(shell(`echo $$ > '${pidFile}'; exec sleep 60`)).catch((error: unknown) => error);
    await vi.waitUntil(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
    await processes[Symbol.asyncDispose]();
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await vi.waitUntil(() => !isAlive(pid));
    expect(await outcome).toMatchObject(forked ? { code: 'process/closed' } : { signal: 'SIGTERM' });
    await expect(processes.run(shell('exit 0'))).rejects.toMatchObject({ code: 'process/closed' });
  });
});

test('a request without an environment gets ours', async () => {
  await using processes = await openProcesses();
  const { stdout } = await processes.run({ file: 'sh', args: ['-c', 'printf "%s" "$HOME"'] });
  expect(stdout).toBe(process.env['HOME'] ?? '');
});

test('a broker that died is replaced by the next request', async () => {
  using folder = temporaryFolder('process');
  await using processes = await openProcesses();
  const broker = await parentOf(processes);
  const pidFile = join(folder.path, 'pid');
  const script = `echo $$ > '${pidFile}'; exec sleep 60`;
  const outcome = processes.run(shell(script)).catch((error: unknown) => error);
  await vi.waitUntil(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
  process.kill(broker, 'SIGKILL');
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  expect(await outcome).toMatchObject({ code: 'process/broker-lost', exit: 1 });
  const next = await parentOf(processes);
  expect(next).not.toBe(broker);
});

test('the broker stays when it is told to stop, and goes when the program that forked it is gone', async () => {
  const processes = await openProcesses();
  const broker = await parentOf(processes);
  process.kill(broker, 'SIGINT');
  process.kill(broker, 'SIGTERM');
  expect(await parentOf(processes)).toBe(broker);
  await processes[Symbol.asyncDispose]();
  expect(isAlive(broker)).toBe(false);
});

test('ending what could not be started, or ending twice, is harmless', async () => {
  const missing = start({ file: 'no-such-program', args: [], env });
  missing.kill();
  await expect(missing.ended).rejects.toMatchObject({ code: 'process/missing' });
  const running = start({ file: 'sleep', args: ['60'], env });
  running.kill();
  running.kill();
  expect(await running.ended).toMatchObject({ signal: 'SIGTERM', timedOut: false });
  const refused = start({ file: 'ls', args: ['a\0b'], env });
  refused.kill();
  await expect(refused.ended).rejects.toMatchObject({ code: 'process/refused' });
});

test('a program that was killed takes its broker, and what that one runs, along', async () => {
  using folder = temporaryFolder('process');
  const pidFile = join(folder.path, 'pids');
  const script = `import { openProcesses } from ${JSON.stringify(new URL('../../src/process/broker.ts', import.meta.url).href)};
    const processes = await openProcesses();
    const env = { PATH: process.env.PATH };
    await processes.run({ file: 'sh', args: ['-c', 'echo $PPID $$ > "$0.new"; mv "$0.new" "$0"; exec sleep 60', process.argv[1]], env });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, pidFile], { stdio: 'ignore' });
  await vi.waitUntil(() => existsSync(pidFile));
  child.kill('SIGKILL');
  const pids = readFileSync(pidFile, 'utf8').trim().split(' ').map(Number);
  await vi.waitUntil(() => pids.length === 2 && !pids.some(isAlive));
});

describe('what is to outlive us', () => {
  const outliving = (script: string) => ({ ...shell(script), outlives: true });

  test('its exit code and both outputs are told as those of any other, and its files are gone', async () => {
    using folder = temporaryFolder('process');
    await using processes = await openProcesses();
    const request = { ...outliving('echo out; echo err >&2; exit 3'), env: { PATH, TMPDIR: folder.path } };
    const told = { code: 3, signal: null, stdout: 'out\n', stderr: 'err\n', timedOut: false };
    expect(await processes.run(request)).toEqual(told);
    expect(await processes.run({ ...outliving('seq 1 50000; printf end'), maxBytes: 10 })).toMatchObject({
      stdout: '\n50000\nend'.slice(-10),
    });
    const missing = processes.run({ file: 'no-such-program', args: [], env, outlives: true });
    await expect(missing).rejects.toMatchObject({ code: 'process/missing' });
    const refused = processes.run({ file: 'ls', args: ['a\0b'], env, outlives: true });
    await expect(refused).rejects.toMatchObject({ code: 'process/refused' });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('[STO-7] it prints on and comes to its end when whoever ordered it and the broker are killed', async () => {
    using folder = temporaryFolder('process');
    const at = (name: string) => join(folder.path, name);
    const script = `import { openProcesses } from ${JSON.stringify(new URL('../../src/process/broker.ts', import.meta.url).href)};
      const processes = await openProcesses();
      const env = { PATH: process.env.PATH };
      const args = ['-c', 'cd "$0"; echo $PPID > new; mv new broker; until [ -e go ]; do sleep 0.02; done; echo on; echo on >&2; echo over > end', process.argv[1]];
      await processes.run({ file: 'sh', args, env, outlives: true });`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script, folder.path], { stdio: 'ignore' });
    await vi.waitUntil(() => existsSync(at('broker')));
    const broker = Number(readFileSync(at('broker'), 'utf8'));
    child.kill('SIGKILL');
    process.kill(broker, 'SIGKILL');
    await vi.waitUntil(() => !isAlive(broker) && !isAlive(child.pid!));
    writeFileSync(at('go'), '');
    await vi.waitUntil(() => existsSync(at('end')));
  });
});

test('a program stands still that does nothing at all, and not one that carries a byte from time to time', async () => {
  using folder = temporaryFolder('stall');
  const pipe = join(folder.path, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const request = { args: [pipe], env, file: 'cat', stallMs: 1000 };
  const carrying = start(request);
  const writer = openSync(pipe, 'w');
  for (let i = 0; i < 20; i += 1) {
    writeSync(writer, 'x');
    // Time itself is what is tested: more passes between the first and the last byte than a program may stand still.
    await pause(150);
  }
  closeSync(writer);
  expect(await carrying.ended).toMatchObject({ code: 0, stdout: 'x'.repeat(20) });

  const still = start(request);
  const silent = openSync(pipe, 'w');
  expect(await still.ended).toMatchObject({ stdout: '', stalled: `cat ${pipe}` });
  closeSync(silent);
});
