import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain, testIo } from '../helpers/io.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';

// One swarm for all that leave it as it is: two idle agents and a task that waits.
let swarm: Swarm;
beforeAll(async () => {
  swarm = await openSwarm();
  await swarm.say('launch 2 instances agent=rehearsal');
  await swarm.say('create task "Wait" id=hold-1');
});
afterAll(() => swarm[Symbol.asyncDispose]());

const run = (argv: readonly string[], more: { stdin?: string; tty?: boolean; env?: Record<string, string> } = {}) =>
  runMain(argv, { ...more, cwd: swarm.root, env: { ...swarm.env, ...more.env } });

const json = (text: string): unknown => JSON.parse(text);
const jsonLines = (text: string): unknown[] => text.trimEnd().split('\n').map(json);

describe('[CLI-6] each kind of end has its exit code', () => {
  test.each([
    [['instances', 'list'], 0],
    [['do', 'sync github'], 1],
    [['do', 'rnu task hold-1'], 2],
    [['do', 'stop instance nope-9'], 3],
    [['instances', 'stop', '--all'], 5],
    [['do', 'answer rehearsal-1 "yes"'], 6],
  ])('drover %j ends with %i', async (argv, exit) => {
    const answer = await run(argv);
    expect(answer.exit).toBe(exit);
    const [result, message] = exit === 0 ? [answer.stdout, answer.stderr] : [answer.stderr, answer.stdout];
    expect(result).toMatch(exit === 0 ? /rehearsal-1/ : /^drover: \S.*[.?!]\n/);
    expect(message).toBe('');
  });

  test('somebody with a token that is none ends with 4', async () => {
    const env = { DROVER_INSTANCE: 'rehearsal-1', DROVER_TOKEN: 'wrong' };
    expect(await run(['do', 'status swarm'], { env })).toMatchObject({ exit: 4, stdout: '' });
  });

  test('no daemon ends with 7, for a person and for a program', async () => {
    await using repository = daemonRepository();
    const at = { cwd: repository.root, env: repository.env };
    expect(await runMain(['daemon', 'status'], at)).toMatchObject({ exit: 7, stdout: '' });
    const { exit, stdout } = await runMain(['daemon', 'status', '--json'], at);
    expect([exit, json(stdout)]).toEqual([7, { running: false, pid: null }]);
    expect(await runMain(['daemon', 'stop', '--jsonl'], at)).toMatchObject({
      exit: 7,
      stdout: '{"running":false,"pid":null}\n',
    });
    expect(await runMain(['daemon', 'logs'], at)).toMatchObject({ exit: 3, stderr: expect.stringContaining('no log') });
    expect(repository.pid()).toBeUndefined();
  });

  // Nothing that a test could wait for takes so long: a daemon in play says so.
  test('an answer that came too late or only in part ends with 124', async () => {
    await using repository = daemonRepository();
    const { paths, root, env } = repository;
    mkdirSync(paths.state, { recursive: true });
    const reply = { exit: 124, message: 'It took too long', hint: 'Wait.', data: null, sideEffects: [], confirm: null };
    const server = createServer((socket) =>
      socket.on('data', (line) => {
        const { id } = json(line.toString()) as { id: string };
        socket.write(`${JSON.stringify({ kind: 'reply', id, reply })}\n`);
      }),
    ).listen(paths.socket);
    await once(server, 'listening');
    const answer = await runMain(['status'], { cwd: root, env });
    server.close();
    expect(answer).toEqual({ exit: 124, stdout: '', stderr: 'drover: It took too long.\nWait.\n' });
  });
});

describe('[CLI-3] how results are printed', () => {
  test('a table for people, one document or a line each for programs, and no colours where nobody sees them', async () => {
    const table = await run(['instances', 'list']);
    expect(table.stdout.split('\n')).toHaveLength(4);
    expect(`${table.stdout}${table.stderr}`).not.toContain('\u001B');
    expect(json((await run(['instances', 'list', '--json'])).stdout)).toMatchObject([
      { instance_id: 'rehearsal-1' },
      { instance_id: 'rehearsal-2' },
    ]);
    expect(jsonLines((await run(['instances', 'list', '--jsonl'])).stdout)).toMatchObject([
      { instance_id: 'rehearsal-1' },
      { instance_id: 'rehearsal-2' },
    ]);
    expect((await run(['instances', 'list'], { tty: true })).stdout).toContain('\u001B[');
    expect((await run(['instances', 'list'], { tty: true, env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001B[');
  });

  test('a failure leaves stdout empty for programs, and do gives its whole result', async () => {
    expect(await run(['instances', 'show', 'nope-1', '--json'])).toMatchObject({ exit: 3, stdout: '' });
    const { exit, stdout } = await run(['do', 'stop instance nope-9', '--json']);
    expect([exit, json(stdout)]).toMatchObject([3, { success: false, data: { code: 'target/not-found' } }]);
    expect(json((await run(['do', 'list tasks', '--jsonl'])).stdout)).toMatchObject({
      success: true,
      side_effects: [],
    });
  });

  test('quiet says nothing that went well, and verbose says what was done on the side', async () => {
    expect(await run(['-q', 'do', 'create task "Quiet" id=quiet'])).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect((await run(['-q', 'tasks', 'show', 'nope'])).stderr).not.toBe('');
    expect(await run(['-q', 'tasks', 'remove', 'quiet', '--yes'])).toMatchObject({ exit: 0 });
    const scaled = await run(['do', 'launch 1 instances agent=rehearsal', '-v']);
    expect(scaled.stderr).toMatch(/^· worktree .*rehearsal-3$/m);
    expect(await run(['do', 'remove instance rehearsal-3', '-y', '-v'])).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('· session of rehearsal-3 ended'),
    });
  });

  test('without a command and without a terminal it is the status', async () => {
    expect((await run([])).stdout).toBe((await run(['status', 'swarm'])).stdout);
    expect((await run([], { tty: true, env: { TERM: 'dumb' }, stdin: 'q\n' })).stdout).toContain('Instances');
    expect(json((await run(['--json'], { tty: true })).stdout)).toMatchObject({ instances: expect.anything() });
  });
});

describe('[CLI-5] what destroys', () => {
  test('asks on a terminal, and no answer, no and the end of the input are a no', async () => {
    const before = await swarm.state();
    for (const stdin of ['\n', 'n\n', 'yes please\n']) {
      const answer = await run(['instances', 'stop', '--all'], { tty: true, stdin });
      expect(answer.exit).toBe(5);
      expect(answer.stderr).toMatch(/rehearsal-1, rehearsal-2[\s\S]*Go on\? \[y\/N\]/);
    }
    const { io, text } = testIo({ cwd: swarm.root, env: swarm.env, tty: true });
    const ended = main(['instances', 'stop', '--all'], io);
    io.stdin.push(null);
    expect(await ended).toBe(5);
    expect(text.stderr).toContain('[y/N]');
    expect((await swarm.state()).seq).toBe(before.seq);
  });

  test('a yes carries out exactly what was asked about', async () => {
    await swarm.say('create task "Gone" id=gone');
    await swarm.say('launch 2 instances agent=rehearsal');
    const ids = Object.keys((await swarm.state()).instances).filter((id) => !/-[12]$/.test(id));
    const answer = await run(['instances', 'remove', ...ids], { tty: true, stdin: 'y\n' });
    expect(answer).toMatchObject({ exit: 0, stdout: expect.stringContaining('Removed 2 instances') });
    expect(await run(['tasks', 'remove', 'gone', '-y'])).toMatchObject({ exit: 0 });
  });

  test('a script is not asked: stdin is the script', async () => {
    const { io, text } = testIo({ cwd: swarm.root, env: swarm.env, tty: true });
    io.stdin.push('stop all instances\n');
    io.stdin.push(null);
    expect(await main(['do', '-'], io)).toBe(5);
    expect(text.stderr).not.toContain('[y/N]');
  });
});

describe('scripts and words', () => {
  test('do reads a script from stdin, and the first failure is its exit code', async () => {
    const stdin = '# a comment\nlist tasks; status swarm\n\nstop instance nope-9\nrnu\n';
    const { exit, stdout, stderr } = await run(['do', '-', '--json'], { stdin });
    expect(exit).toBe(3);
    expect(jsonLines(stdout)).toMatchObject([
      { success: true },
      { success: true },
      { success: false },
      { success: false },
    ]);
    expect(stderr).toContain('nope-9');
  });

  test('behind -- nothing is an option any more', async () => {
    const { exit } = await run(['do', '--', 'create', 'task', 'id=dashes', '"--json is a word"']);
    expect(exit).toBe(0);
    expect((await swarm.state()).tasks['dashes']?.title).toBe('--json is a word');
    expect(await run(['tasks', 'remove', 'dashes', '-y'])).toMatchObject({ exit: 0 });
  });

  test('attach needs a terminal, and tells how to get there from one', async () => {
    expect(await run(['attach', 'rehearsal-1'])).toMatchObject({
      exit: 2,
      stderr: 'drover: attach needs a terminal. From one: tmux attach -t =r-rehearsal-1\n',
    });
    expect(json((await run(['attach', 'rehearsal-1', '--json'])).stdout)).toMatchObject({ session: 'r-rehearsal-1' });
    expect(await run(['attach', 'nope-1'])).toMatchObject({ exit: 3 });
  });
});

test('on a terminal attach runs tmux there, and ends as it ends', async () => {
  const bin = join(swarm.root, '../attach-bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'tmux'),
    '#!/bin/sh\n[ "$*" = "attach-session -t =r-rehearsal-1 ; display-message -d 4000 #{prefix} d brings you back" ]\n',
    { mode: 0o755 },
  );
  const env = { PATH: `${bin}:${swarm.env['PATH']}`, TMUX: '/elsewhere/other,1,0' };
  expect((await run(['attach', 'rehearsal-1'], { tty: true, env })).exit).toBe(0);
  expect((await run(['attach', 'rehearsal-2'], { tty: true, env })).exit).toBe(1);
});

describe('what follows', () => {
  const interrupt = () => void process.emit('SIGINT', 'SIGINT');

  test('logs print what a terminal showed, and with -f also what it shows from now on, each line once', async () => {
    const folder = `${swarm.paths.logs}/rehearsal-2`;
    const segment = (n: number) => join(folder, `${String(n).padStart(6, '0')}.log`);
    const newest = Number.parseInt(
      readdirSync(folder)
        .filter((name) => name.endsWith('.log'))
        .toSorted()
        .at(-1)!,
      10,
    );
    const { stdout } = await run(['logs', 'rehearsal-2']);
    expect(stdout).toContain('rehearsal-2');
    const { io, text, printed } = testIo({ cwd: swarm.root, env: swarm.env });
    const ended = main(['logs', 'rehearsal-2', '-f'], io);
    appendFileSync(segment(newest), 'marker one\r\nmar');
    await printed(/marker one\n/);
    appendFileSync(segment(newest), 'ker two\r\n');
    await printed(/marker two\n/);
    appendFileSync(segment(newest + 1), '\u001B[31mmarker three\u001B[m\r\nrest');
    await printed(/marker three\n/);
    interrupt();
    expect(await ended).toBe(0);
    expect(text.stdout.match(/marker \w+/g)).toEqual(['marker one', 'marker two', 'marker three']);
    expect(text.stdout).toMatch(/rest\n$/);
    expect(await run(['logs', 'nope-1', '-f'])).toMatchObject({ exit: 3 });
  });

  test('events are told as they happen, from a number on, in order, without a gap, over a restart of the daemon', async () => {
    const { io, text, printed } = testIo({ cwd: swarm.root, env: swarm.env });
    const ended = main(['events', 'follow', '--from=1', '--jsonl'], io);
    await printed(/"id":"hold-1"/);
    await swarm.say('create task "Followed" id=followed');
    await printed(/"id":"followed"/);
    await swarm.reopen();
    await swarm.say('create task "After" id=after');
    await printed(/"id":"after"/);
    interrupt();
    expect(await ended).toBe(0);
    const numbers = (jsonLines(text.stdout) as { seq: number }[]).map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    await swarm.say('remove tasks followed, after');
  });

  test('without a number only what is new is told, in a line for people', async () => {
    const { io, text, printed } = testIo({ cwd: swarm.root, env: swarm.env });
    const ended = main(['events', 'follow'], io);
    const seq = (await swarm.state()).seq;
    // When it has begun to follow is told nowhere.
    for (let i = 0; !text.stdout.includes('task.created'); i += 1) {
      await swarm.say(`create task "New ${i}" id=new-${i}`);
      await new Promise(setImmediate);
    }
    await printed(/cli task\.created \{/);
    interrupt();
    expect(await ended).toBe(0);
    expect(Number.parseInt(text.stdout, 10)).toBeGreaterThan(seq - 1);
    expect((await run(['events', 'list', '--json'])).stdout).toContain('task.created');
  });
});

describe('the daemon', () => {
  test('[CLI-7] starts once however often it is asked for, tells its process, and ends for good', async () => {
    await using repository = daemonRepository();
    const at = { cwd: repository.root, env: repository.env };
    const both = await Promise.all([1, 2].map(() => runMain(['daemon', 'start', '--wait', '--json'], at)));
    expect(both.map(({ stdout }) => json(stdout))).toMatchObject([
      { pid: repository.pid() },
      { pid: repository.pid() },
    ]);
    expect(json((await runMain(['daemon', '--json'], at)).stdout)).toMatchObject({
      running: true,
      pid: repository.pid(),
    });
    expect((await runMain(['daemon', 'logs'], at)).stdout).toMatch(/listening on .*drover\.sock as process \d+\n/);
    const { io, printed } = testIo(at);
    const followed = main(['daemon', 'logs', '-f'], io);
    await printed(/listening on/);
    expect(await runMain(['daemon', 'stop'], at)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('agents go on'),
    });
    expect(repository.pid()).toBeUndefined();
    await printed(/ended\n/);
    interrupted();
    expect(await followed).toBe(0);
  });

  const interrupted = () => void process.emit('SIGINT', 'SIGINT');

  test('somebody who follows its events starts no new one when it was told to end', async () => {
    await using repository = daemonRepository();
    const at = { cwd: repository.root, env: repository.env };
    await runMain(['daemon', 'start'], at);
    const { io, text, printed } = testIo(at);
    const followed = main(['events', 'follow', '--from', '1'], io);
    await printed(/daemon\.started/);
    await runMain(['daemon', 'stop'], at);
    expect(repository.pid()).toBeUndefined();
    await runMain(['daemon', 'start'], at);
    await printed(/daemon\.started[\s\S]*daemon\.started/);
    interrupted();
    expect(await followed).toBe(0);
    expect(text.stdout.match(/daemon\.started/g)).toHaveLength(2);
  });

  test('down ends every agent and the daemon, and asks first', async () => {
    await using repository = daemonRepository();
    const { root, env, tmux } = repository;
    const at = { cwd: root, env };
    await runMain(['do', 'launch 2 instances agent=rehearsal'], at);
    expect(tmux('list-sessions').split('\n')).toHaveLength(2);
    expect(await runMain(['down'], at)).toMatchObject({ exit: 5 });
    expect(await runMain(['down', '--now'], at)).toMatchObject({ exit: 2 });
    const answer = await runMain(['down', '--yes', '--force'], at);
    expect(answer).toMatchObject({ exit: 0, stdout: expect.stringMatching(/Stopped 2 instances.*The daemon ends/) });
    expect([tmux('list-sessions'), repository.pid()]).toEqual(['', undefined]);
    expect(await runMain(['down'], at)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('Nothing was running'),
    });
    expect(repository.pid()).toBeUndefined();
  });
});

describe('[CLI-1] the built program', () => {
  const bin = fileURLToPath(new URL('../../bin/drover.js', import.meta.url));
  const names = json(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { bin: object };

  const start = (argv: readonly string[]) =>
    spawn(process.execPath, [bin, ...argv], { cwd: swarm.root, env: swarm.env, stdio: ['ignore', 'pipe', 'pipe'] });

  test('is installed under both of its names', () => {
    expect(names.bin).toEqual({ drover: 'bin/drover.js', 'cc-orchestrator': 'bin/drover.js' });
  });

  test('says nothing when its reader has enough', async () => {
    for (let i = 0; i < 3; i += 1)
      appendFileSync(`${swarm.paths.logs}/rehearsal-1/000000.log`, 'a long line of a log\r\n'.repeat(40_000));
    const child = start(['logs', 'rehearsal-1', '-f']);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr).toBe('');
  });

  test('ends what it follows at Ctrl-C, as asked', async () => {
    const child = start(['events', 'follow', '--from', '1']);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});
