import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { daemonRepository } from '../../helpers/daemon.ts';
import { runMain, testIo } from '../../helpers/io.ts';
import { firstSegment } from '../../state/store/place.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

let swarm: Swarm;
beforeAll(async () => {
  swarm = await openSwarm();
});
afterAll(() => swarm[Symbol.asyncDispose]());

const watching = (argv: readonly string[], options: { tty?: boolean; env?: Record<string, string> } = {}) => {
  const opened = testIo({ cwd: swarm.root, ...options, env: { ...swarm.env, ...options.env } });
  return { ...opened, ended: main(['watch', ...argv], opened.io) };
};
const json = (text: string): unknown => JSON.parse(text);

test('a terminal shows the picture in place, draws it anew when something happens, and q leaves the last one', async () => {
  const { io, text, printed, ended } = watching(['tasks', 'list'], { tty: true, env: { COLUMNS: '20' } });
  await printed(/No task/);
  expect((await swarm.say('create task "Seen on the screen of a watcher" id=seen')).exit).toBe(0);
  await printed(/seen[\s\S]*Seen on the screen of a watcher/);
  expect(text.stdout.match(/\u001B\[\?25l/gu)).toHaveLength(1);
  expect(text.stdout).toContain('\u001B[1A\r');
  const drawn = text.stdout.length;
  io.stdin.push('x');
  io.stdin.push('q');
  expect(await ended).toBe(0);
  expect(text.stdout.slice(drawn)).toBe('\u001B[?25h');
  expect(text.stderr).toBe('');
  await swarm.say('remove task seen');
});

test('Ctrl-C, as a key and as a signal, ends it well', async () => {
  for (const end of [
    (io: { stdin: NodeJS.ReadStream }) => void io.stdin.push('\u0003'),
    () => void process.emit('SIGINT', 'SIGINT'),
    () => void process.emit('SIGTERM', 'SIGTERM'),
  ]) {
    const { io, text, printed, ended } = watching([], { tty: true });
    await printed(/Instances: none/);
    end(io);
    expect(await ended).toBe(0);
    expect(text.stdout.endsWith('\u001B[?25h')).toBe(true);
  }
});

test('where nobody looks each change is a block, and the same is not said twice', async () => {
  const { text, printed, ended } = watching(['list', 'tasks']);
  await printed(/No task/);
  await swarm.say('create task "First" id=first');
  await printed(/First/);
  // It does not change the list.
  await swarm.say('launch 1 instance agent=rehearsal');
  await swarm.say('create task "Second" id=second');
  await printed(/Second/);
  process.emit('SIGHUP', 'SIGHUP');
  expect(await ended).toBe(0);
  expect(text.stdout.split('\n\n').map((block) => block.trimEnd().split('\n').length)).toEqual([1, 2, 3]);
  expect(text.stdout).not.toContain('\u001B');
});

test('for programs each change is a line of JSON, over a restart of the daemon as well', async () => {
  const { text, printed, ended } = watching(['list tasks', '--json', '-v']);
  await printed(/\[.*\]\n/);
  await swarm.reopen();
  await printed(/the daemon is gone/);
  await swarm.say('create task "After" id=after');
  await printed(/"after"/);
  process.emit('SIGINT', 'SIGINT');
  expect(await ended).toBe(0);
  const lines = text.stdout.trimEnd().split('\n').map(json) as { id: string }[][];
  expect(lines.at(-1)?.map(({ id }) => id)).toContain('after');
});

test('a reader that has enough ends it', async () => {
  const { io, printed, ended } = watching(['status']);
  await printed(/Instances/);
  io.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  expect(await ended).toBe(0);
});

test('what is watched may go away: the last picture stays, and why is said', async () => {
  await swarm.say('create task "Goes" id=goes');
  const { text, printed, ended } = watching(['show', 'task', 'goes'], { tty: true });
  await printed(/Goes/);
  await swarm.say('remove task goes');
  expect(await ended).toBe(3);
  expect(text.stderr).toContain('There is no task "goes"');
});

test.each([
  [['stop', 'all', 'instances'], 2, 'changes something'],
  [['rnu'], 2, 'Unknown verb'],
  [['show', 'task', 'nope-9'], 3, 'There is no task "nope-9"'],
])('watch %j is refused', async (argv, exit, text) => {
  const at = { cwd: swarm.root, env: swarm.env, tty: true };
  expect(await runMain(['watch', ...argv], at)).toMatchObject({ exit, stderr: expect.stringContaining(text) });
});

test('[STO-6] events follow --from N shows every event once after the daemon was killed, and nothing is missing', async () => {
  await using repository = daemonRepository();
  const at = { cwd: repository.root, env: repository.env };
  const say = async (id: string) => expect((await runMain(['do', `create task "T" id=${id}`], at)).exit).toBe(0);
  await say('t-1');
  const { io, text, printed } = testIo(at);
  const ended = main(['events', 'follow', '--from', '1', '--jsonl', '-v'], io);
  await printed(/"id":"t-1"/);
  const first = repository.pid();
  await repository.crash();
  await printed(/the daemon is gone[\s\S]*connected, from event/);
  expect(repository.pid()).not.toBe(first);
  await say('t-2');
  await printed(/"id":"t-2"/);
  // This one is not started again by somebody who only looks: what happens now happens behind its back.
  expect((await runMain(['daemon', 'stop'], at)).exit).toBe(0);
  await say('t-3');
  await printed(/"id":"t-3"/);
  process.emit('SIGINT', 'SIGINT');
  expect(await ended).toBe(0);
  const followed = text.stdout.trimEnd().split('\n').map(json) as { seq: number; type: string }[];
  expect(followed.map(({ seq }) => seq)).toEqual(followed.map((_, i) => i + 1));
  const { stdout } = await runMain(['events', 'list', '--jsonl'], at);
  const listed = stdout.trimEnd().split('\n').map(json);
  expect(followed).toEqual(listed.slice(0, followed.length));
});

test('[STO-6] who follows events is told that the journal was replaced by an older one, and what happens in that from its start on', async () => {
  await using repository = daemonRepository();
  const at = { cwd: repository.root, env: repository.env };
  const say = async (...argv: string[]) => expect((await runMain(argv, at)).exit).toBe(0);
  await say('do', 'create task "Kept" id=kept');
  await say('backup', 'create', '../swarm.backup');
  for (const n of [1, 2, 3, 4, 5, 6]) await say('do', `create task "T" id=t-${n}`);
  const { io, text, printed } = testIo(at);
  const ended = main(['events', 'follow', '--from', '1', '--jsonl', '-v'], io);
  await printed(/"id":"t-6"/);
  await say('daemon', 'stop');
  await printed(/the daemon is gone/);
  const before = text.stdout.length;
  await say('backup', 'restore', '../swarm.backup', '--replace');
  await say('daemon', 'start');
  await printed(/^drover: the journal was replaced, what has happened in it since \S+Z is told$/mu);
  await say('do', 'create task "New" id=new');
  await printed(/"id":"new"/);
  process.emit('SIGINT', 'SIGINT');
  expect(await ended).toBe(0);
  const told = text.stdout.slice(before).trimEnd().split('\n').map(json) as { seq: number; type: string }[];
  const { stdout } = await runMain(['events', 'list', '--jsonl'], at);
  const listed = stdout.trimEnd().split('\n').map(json) as { seq: number; type: string }[];
  const start = listed.findLast(({ type }) => type === 'daemon.started')!.seq;
  expect(told).toEqual(listed.slice(start - 1, start - 1 + told.length));
});

test('who asks for events behind the end of the journal is told where that is, and gets what comes', async () => {
  const { io, text, printed } = testIo({ cwd: swarm.root, env: swarm.env });
  const ended = main(['events', 'follow', '--from', '99999'], io);
  await printed(/the journal ends with event \d+/u);
  await swarm.say('create task "Behind the end" id=behind');
  await printed(/task\.created.*"behind"/u);
  process.emit('SIGINT', 'SIGINT');
  expect([await ended, text.stderr]).toEqual([
    0,
    expect.stringMatching(/^drover: the journal ends with event \d+: what comes after that is told\n$/u),
  ]);
});

test('a daemon that cannot start is told of once and waited for, in lines for people as well', async () => {
  await using repository = daemonRepository();
  const at = { cwd: repository.root, env: repository.env };
  const { io, text, printed } = testIo(at);
  const ended = main(['events', 'follow', '--from', '1'], io);
  await printed(/daemon\.started/);
  writeFileSync(repository.paths.config, '{');
  await repository.crash();
  await printed(/is not valid JSON/);
  writeFileSync(repository.paths.config, '{"agent": "rehearsal"}');
  await printed(/daemon\.started[\s\S]*daemon\.started/);
  process.emit('SIGINT', 'SIGINT');
  expect(await ended).toBe(0);
  expect(text.stderr.match(/is not valid JSON/gu)).toHaveLength(1);
  expect(text.stdout).toMatch(/^1 \S+Z daemon daemon\.started \{"pid":/);
});

test('who follows a history that was damaged is told so in a sentence, with the exit code of that', async () => {
  await using repository = daemonRepository();
  const at = { cwd: repository.root, env: repository.env };
  expect((await runMain(['do', 'create task "T" id=t-1'], at)).exit).toBe(0);
  const file = firstSegment(repository.paths);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"T"', '"U"'));
  for (let n = 0; n < 2; n += 1) {
    expect(await runMain(['events', 'follow', '--from', '1'], at)).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(
        /^drover: \S+\.jsonl is damaged at line \d+: its checksum does not fit\.\n.*doctor/u,
      ),
    });
  }
  const { stdout } = await runMain(['daemon', 'logs'], at);
  expect(stdout.match(/a follower was refused/gu)).toHaveLength(1);
});

test('events are followed by type, and a slow reader gets all of them', async () => {
  const { io, text, printed } = testIo({ cwd: swarm.root, env: swarm.env });
  const write = io.stdout.write.bind(io.stdout);
  let refused = 0;
  // It takes everything, and says each time that it has more than enough.
  io.stdout.write = ((chunk: string) => {
    write(chunk);
    refused += 1;
    setImmediate(() => io.stdout.emit('drain'));
    return false;
  }) as typeof io.stdout.write;
  const ended = main(['events', 'follow', '--from=1', '--type', 'task.created,alert', '--json'], io);
  await swarm.say('create task "Last one" id=last-one');
  await printed(/"last-one"/);
  process.emit('SIGINT', 'SIGINT');
  expect(await ended).toBe(0);
  const types = text.stdout
    .trimEnd()
    .split('\n')
    .map((line) => (json(line) as { type: string }).type);
  expect(new Set(types)).toEqual(new Set(['task.created']));
  expect(refused).toBe(types.length);
  const listed = await runMain(['events', 'list', '--type', 'task.created', '--jsonl'], {
    cwd: swarm.root,
    env: swarm.env,
  });
  const lines = (printed: string) => printed.trimEnd().split('\n').map(json);
  expect(lines(text.stdout)).toEqual(lines(listed.stdout));
});

test('events are listed from a time on, or the last ones', async () => {
  const at = { cwd: swarm.root, env: swarm.env };
  const list = async (...argv: string[]) => {
    const { stdout } = await runMain(['events', 'list', '--json', ...argv], at);
    return json(stdout) as { seq: number; at: string; type: string }[];
  };
  const all = await list();
  const middle = all[Math.floor(all.length / 2)]!;
  expect(await list('--since', middle.at)).toEqual(all.filter((event) => event.at >= middle.at));
  expect(await list('--since=1h', '--limit', '2')).toEqual(all.slice(-2));
  expect(await list(`--since=${middle.seq}`)).toEqual(all.slice(middle.seq - 1));
  expect(await runMain(['events', 'list', '--since', 'noon'], at)).toMatchObject({ exit: 2 });
  expect(await runMain(['events', 'list', '--type', 'tsk'], at)).toMatchObject({ exit: 2 });
  expect(await runMain(['events', 'follow', '--type', 'tsk'], at)).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('Did you mean task?'),
  });
});
