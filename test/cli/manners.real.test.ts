import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFlags, settingsFor, viewOf } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { jsonText, printError } from '../../src/cli/print.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain, testIo } from '../helpers/io.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';

let swarm: Swarm;
beforeAll(async () => {
  swarm = await openSwarm();
  await swarm.say('launch 1 instance agent=rehearsal');
  await swarm.say('create task "Wait" id=hold-1');
});
afterAll(() => swarm[Symbol.asyncDispose]());

type More = { readonly stdin?: string; readonly tty?: boolean; readonly env?: Record<string, string> };
const run = (argv: readonly string[], more: More = {}) =>
  runMain(argv, { ...more, cwd: swarm.root, env: { ...swarm.env, ...more.env } });

/** A daemon in play, which answers everything in one way: nothing that a test could wait for takes so long. */
const answering = async (reply: object) => {
  const repository = daemonRepository();
  mkdirSync(repository.paths.state, { recursive: true });
  const server = createServer((socket) =>
    socket.on('data', (line) => {
      const { id } = JSON.parse(line.toString()) as { id: string };
      socket.write(`${JSON.stringify({ kind: 'reply', id, reply })}\n`);
    }),
  ).listen(repository.paths.socket);
  await once(server, 'listening');
  return {
    ...repository,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await repository[Symbol.asyncDispose]();
    },
  };
};

describe('[CLI-6] each kind of end has its exit code, results go to stdout and messages to stderr', () => {
  const wrong = { DROVER_INSTANCE: 'rehearsal-1', DROVER_TOKEN: 'wrong' };
  test.each([
    [0, ['instances', 'list'], {}],
    [1, ['do', 'sync github'], {}],
    [2, ['do', 'rnu task hold-1'], {}],
    [3, ['tasks', 'show', 'nope-9'], {}],
    [4, ['status'], { env: wrong }],
    [5, ['instances', 'stop', '--all'], {}],
    [6, ['config', 'unset', 'checks.merge'], {}],
  ])('%i: drover %j', async (exit, argv, more) => {
    const ended = await run(argv, more);
    expect(ended.exit).toBe(exit);
    expect(exit === 0 ? ended.stderr : ended.stdout).toBe('');
    expect(exit === 0 ? ended.stdout : ended.stderr).toMatch(exit === 0 ? /rehearsal-1/ : /^drover: \S.*[.?!]\n/);
  });

  test('7: no daemon', async () => {
    await using repository = daemonRepository();
    const at = { cwd: repository.root, env: repository.env };
    expect(await runMain(['daemon', 'status'], at)).toMatchObject({
      exit: 7,
      stdout: '',
      stderr: expect.stringMatching(/^drover: .*none is running\.\n/),
    });
  });

  test.each(['restart', 'run'])('4: daemon %s, by whoever may not end the one that is there', async (verb) => {
    const denied = { exit: 4, message: 'An agent may not', hint: 'Ask.', data: null, sideEffects: [], confirm: null };
    await using daemon = await answering(denied);
    expect(await runMain(['daemon', verb], { cwd: daemon.root, env: daemon.env })).toMatchObject({
      exit: 4,
      stderr: expect.stringContaining('could not be stopped: An agent may not'),
    });
  });

  test('124: too late, or only in part', async () => {
    const late = { exit: 124, message: 'It took too long', hint: 'Wait.', data: null, sideEffects: [], confirm: null };
    await using daemon = await answering(late);
    expect(await runMain(['status'], { cwd: daemon.root, env: daemon.env })).toEqual({
      exit: 124,
      stdout: '',
      stderr: 'drover: It took too long.\nWait.\n',
    });
  });
});

describe('[CLI-6] options', () => {
  test('stand anywhere before --, and behind it nothing is one', async () => {
    const { flags, rest } = readFlags(['-q', 'x', '--json', '-c', 'a=1', '--config=b=2', '--', '-v', '--yes']);
    expect(flags).toMatchObject({ quiet: true, json: true, verbose: false, yes: false, settings: ['a=1', 'b=2'] });
    expect(rest).toEqual(['x', '--', '-v', '--yes']);
    expect((await run(['--', 'status'])).stdout).toBe((await run(['status'])).stdout);
    expect(await run(['do', '--', 'create', 'task', 'id=dashes', '"--json is a word"'])).toMatchObject({ exit: 0 });
    expect((await swarm.state()).tasks['dashes']?.title).toBe('--json is a word');
  });

  test.each([
    [['--jsn', 'status'], 'There is no option --jsn here.\nDid you mean --json?'],
    [['--verb'], 'Did you mean --verbose?'],
    [['-x', 'status'], 'There is no option -x here.\nSee --help.'],
    [['status', '--jsnol'], 'Did you mean --jsonl?'],
    [['instances', 'list', '--quite'], 'Did you mean --quiet?'],
    [['daemon', 'logs', '--josn'], 'Did you mean --json?'],
    [['events', 'follow', '--tpye', 'x'], 'Did you mean --type?'],
    [['instances', 'list', '--zzzzzz'], 'Unknown option'],
  ])('%j: the nearest is named', async (argv, text) => {
    expect(await run(argv)).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining(text) });
  });

  test('quiet says nothing that went well, verbose says on stderr what happens', async () => {
    expect(await run(['-q', 'do', 'create task "Quiet" id=quiet'])).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect((await run(['-q', 'tasks', 'show', 'nope'])).stderr).toMatch(/^drover: /);
    const told = await run(['tasks', 'list', '-v']);
    expect(told.stderr).toMatch(/^· the daemon listens on .*drover\.sock\n· took [\d.]+ ms, as c-[\w-]+\n$/);
    expect(told.stdout).toBe((await run(['tasks', 'list'])).stdout);
    await using repository = daemonRepository();
    const started = await runMain(['status', '--verbose'], { cwd: repository.root, env: repository.env });
    expect(started.stderr).toContain(`· no daemon runs for ${repository.root}: starting one\n`);
  });

  test('--yes and -y answer what is asked', async () => {
    await swarm.say('create task "Gone" id=gone');
    await swarm.say('create task "Gone" id=gone-2');
    expect(await run(['tasks', 'remove', 'gone'])).toMatchObject({ exit: 5 });
    expect(await run(['tasks', 'remove', 'gone', '-y'])).toMatchObject({ exit: 0 });
    expect(await run(['--yes', 'tasks', 'remove', 'gone-2'])).toMatchObject({ exit: 0 });
  });
});

describe('[CLI-6] - stands for stdin where a text is taken', () => {
  const task = async (id: string) => (await swarm.state()).tasks[id];

  test('as the text of a command, as the value of an option, and as a script', async () => {
    const stdin = 'stop "everything"; a second\n# line\n';
    expect(await run(['tasks', 'create', '-', '--id', 'in-1'], { stdin })).toMatchObject({ exit: 0 });
    expect((await task('in-1'))?.title).toBe('stop "everything"; a second # line');
    const described = ['tasks', 'create', '--title', 'T', '--id', 'in-2', '--description', '-'];
    expect(await run(described, { stdin })).toMatchObject({ exit: 0 });
    expect((await task('in-2'))?.description).toBe('stop "everything"; a second\n# line');
    expect(await run(['do', '-'], { stdin: 'create task "x" id=in-3' })).toMatchObject({ exit: 0 });
    expect(await task('in-3')).toBeDefined();
  });

  test('not where a folder is named, and not behind --', async () => {
    const spec = await run(['import', 'spec', '-'], { stdin: 'x' });
    expect([spec.exit, spec.stderr]).toEqual([3, expect.stringContaining('-')]);
    expect(await run(['tasks', 'create', '--id', 'in-4', '--', '-'], { stdin: 'x' })).toMatchObject({ exit: 0 });
    expect((await task('in-4'))?.title).toBe('-');
  });
});

describe('a script', () => {
  const stdin = '# one\nlist tasks; status swarm\n\nstop instance nope-9 ; rnu\nlist alerts\n';

  test('goes on after a failure, names its line, and ends with the first one', async () => {
    const { exit, stdout, stderr } = await run(['do', '-', '--jsonl'], { stdin });
    expect(exit).toBe(3);
    const results = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { success: boolean }).success);
    expect(results).toEqual([true, true, false, false, true]);
    expect(stderr).toMatch(
      /^drover: line 4: There is no instance "nope-9"\..*\n.*\n?drover: line 4: Unknown verb "rnu"\./s,
    );
  });

  test('stops at the first failure when that is asked for', async () => {
    const { exit, stdout } = await run(['do', '-', '--stop', '--json', '-v'], { stdin });
    expect([exit, stdout.trimEnd().split('\n').length]).toEqual([3, 3]);
    expect((await run(['do', '--stop', '-', '-v'], { stdin: 'status' })).stderr).toContain('· line 1: status\n');
  });
});

describe('[CLI-3] colours and widths', () => {
  const view = (env: Record<string, string>, tty: boolean, columns = 100) => {
    const { io } = testIo({ cwd: '/', env, tty });
    return viewOf({ env, stdout: Object.assign(io.stdout, { columns }) });
  };

  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: 'false' }, true, false],
    [{ FORCE_COLOR: '' }, false, false],
    [{ FORCE_COLOR: '1', TERM: 'dumb' }, true, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  ])('%j on a terminal (%s): colours %s', (env, tty, color) => {
    expect(view(env, tty).color).toBe(color);
  });

  test('a terminal says how wide it is, COLUMNS says it better, and where nobody looks nothing is cut', () => {
    const columns = (...args: Parameters<typeof view>) => view(...args).columns;
    expect([columns({}, true), columns({ COLUMNS: '70' }, true), columns({ COLUMNS: '70' }, false)]).toEqual([
      100, 70, 70,
    ]);
    expect([columns({}, true, 0), columns({ COLUMNS: 'x' }, true), columns({ COLUMNS: '-1' }, true)]).toEqual([
      80, 100, 100,
    ]);
    expect(columns({}, false)).toBeGreaterThan(10_000);
  });

  test('a table on a narrow terminal breaks no line and keeps its ids; in a pipe it is whole', async () => {
    const title = 'A very long title that no terminal of forty columns shows';
    await swarm.say(`create task "${title}" id=long`);
    const narrow = await run(['tasks', 'list'], { tty: true, env: { COLUMNS: '40', NO_COLOR: '1' } });
    for (const line of narrow.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
    expect(narrow.stdout).toMatch(/^long .*…$/m);
    expect((await run(['tasks', 'list'])).stdout).toContain(title);
  });

  test('JSON has nothing in it that a terminal would act on', () => {
    expect(jsonText({ a: '\u009B2J\u2028\u001B', b: undefined })).toBe('{"a":"\\u009b2J\\u2028\\u001b"}');
    expect([jsonText(undefined), jsonText([1], 2)]).toEqual(['null', '[\n  1\n]']);
  });
});

describe('[CLI-6] nobody sees a stack who did not ask for it', () => {
  test('a bug is told in one sentence, with -v also where it happened', () => {
    const { io, text } = testIo({ cwd: '/', env: {} });
    expect(printError(io, new TypeError('x is not\na function'))).toBe(1);
    expect(text.stderr).toMatch(
      /^drover: .*nobody foresaw: TypeError: x is not a function\.\nThis is a bug\..* -v .*\n$/,
    );
    printError(io, new TypeError('again'), { verbose: true });
    expect(text.stderr).toMatch(/\n· cli\/bug: TypeError: again\n\s+at /);
    expect(printError(io, 'a word')).toBe(1);
    expect(text.stderr).toContain('nobody foresaw: a word.');
    const bare = new Error('no stack');
    delete bare.stack;
    printError(io, bare, { verbose: true });
    expect(text.stderr).toMatch(/· cli\/bug\n$/);
  });

  test('an error that is meant for a person tells its code and its cause with -v', async () => {
    writeFileSync(`${swarm.root}/file`, '');
    const told = await run(['-v', 'tasks', 'list', '-c']);
    expect(told).toMatchObject({ exit: 2, stderr: expect.stringContaining('· cli/missing-value\n') });
    expect((await run(['tasks', 'list', '-c', '--', '-v'])).stderr).not.toContain('·');
  });
});

test('what is said along of settings is none of an agent’s secrets', () => {
  const env = { DROVER_AGENT: 'x', DROVER_TOKEN: 't', DROVER_INSTANCE: 'i', DROVER_SPOOL: 's', HOME: '/h' };
  const { flags } = readFlags(['status']);
  expect(settingsFor({ env }, flags)).toEqual({ settings: { flags: [], env: { DROVER_AGENT: 'x' } } });
  expect(settingsFor({ env: { HOME: '/h' } }, flags)).toEqual({});
});

describe('[CLI-6] a question on a terminal', () => {
  test('is left by the end of the input, and nothing happens', async () => {
    const { io, text } = testIo({ cwd: swarm.root, env: swarm.env, tty: true });
    const ended = main(['instances', 'stop', '--all'], io);
    io.stdin.push(null);
    expect(await ended).toBe(5);
    expect(text.stderr).toContain('[y/N]');
  });
});

describe('[CLI-6] the program from its sources', () => {
  const PROGRAM = fileURLToPath(new URL('../../src/cli/run.ts', import.meta.url));
  const start = (argv: readonly string[]) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, ...argv], {
      cwd: swarm.root,
      env: swarm.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stderr: '' };
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text;
    });
    const closed = once(child, 'close');
    return { child, closed: async () => [...(await closed), said.stderr] };
  };

  test('says nothing when its reader has enough, and ends at each signal without a word', async () => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const ends = await Promise.all(
      signals.map(async (signal) => {
        const { child, closed } = start(['events', 'follow', '--from', '1']);
        await once(child.stdout, 'data');
        child.kill(signal);
        return closed();
      }),
    );
    expect(ends).toEqual([
      [0, null, ''],
      [null, 'SIGTERM', ''],
      [null, 'SIGHUP', ''],
    ]);
    const { child, closed } = start(['events', 'follow', '--from', '1']);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await swarm.say('create task "More to say" id=more');
    expect(await closed()).toEqual([0, null, '']);
  });
});
