import { appendFileSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { lineFilter } from '../../../src/cli/follow/line-filter.ts';
import { main } from '../../../src/cli/main.ts';
import { noteTimes } from '../../../src/daemon/logs/log-times.ts';
import { boundLog } from '../../../src/daemon/logs/own-log.ts';
import { boundMarks, endOfLog, markLog, placeSince } from '../../../src/logs/times.ts';
import type { State } from '../../../src/state/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runMain, testIo } from '../../helpers/io.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { servicesOn } from '../../helpers/target.ts';

let swarm: Swarm;
beforeAll(async () => {
  swarm = await openSwarm();
  await swarm.say('launch 1 instance agent=rehearsal');
});
afterAll(() => swarm[Symbol.asyncDispose]());

const at = (more: object = {}) => ({ cwd: swarm.root, env: swarm.env, ...more });
const run = (argv: readonly string[], more: object = {}) => runMain(argv, at(more));
const folder = () => `${swarm.paths.logs}/rehearsal-1`;
const newest = (): string =>
  join(
    folder(),
    readdirSync(folder())
      .filter((name) => name.endsWith('.log'))
      .toSorted()
      .at(-1)!,
  );
const interrupt = () => void process.emit('SIGINT', 'SIGINT');
const lines = (text: string): string[] => text.trimEnd().split('\n');

describe('[MON-3] what an agent printed', () => {
  test('is in the log afterwards although the daemon was down, and is kept over its restart', async () => {
    const { pane: id } = (await swarm.state()).instances['rehearsal-1']!;
    const pane = swarm.tmux('display-message', '-p', '-t', id!, '#{pane_tty}');
    expect(pane).toMatch(/^\/dev\//u);
    await swarm.close();
    // The agent's terminal itself: nobody of ours runs but the writer of the log.
    appendFileSync(pane, '\r\nprinted while nobody looked\r\n');
    await swarm.reopen();
    await vi.waitUntil(() => readFileSync(newest(), 'utf8').includes('nobody looked'));
    expect((await run(['logs', 'rehearsal-1', '--grep', 'nobody'])).stdout).toBe('printed while nobody looked\n');
  });

  test('is filtered while it comes', async () => {
    const { io, text, printed } = testIo(at());
    const ended = main(['logs', 'rehearsal-1', '-f', '--grep', '^live \\d+$'], io);
    appendFileSync(newest(), '\r\nlive 1\r\nlive x\r\n\u001B[32mlive 2\u001B[0m\r\nnot live 3\r\n');
    await printed(/live 2\n/);
    appendFileSync(newest(), 'live');
    appendFileSync(newest(), ' 4\r\n');
    await printed(/live 4\n/);
    interrupt();
    expect(await ended).toBe(0);
    expect(lines(text.stdout)).toEqual(['live 1', 'live 2', 'live 4']);
  });

  test('the last lines, or those that match, are printed; for programs a line of JSON each', async () => {
    appendFileSync(newest(), 'one\r\ntwo\r\nthree\r\n');
    expect(lines((await run(['logs', 'rehearsal-1', '-n', '2'])).stdout)).toEqual(['two', 'three']);
    expect((await run(['logs', 'rehearsal-1', '--grep', 't(wo|hree)', '--limit=1'])).stdout).toBe('three\n');
    const { stdout } = await run(['logs', 'rehearsal-1', '--grep=^two', '--jsonl']);
    expect(JSON.parse(stdout)).toEqual({ instance: 'rehearsal-1', line: 'two' });
    expect(JSON.parse((await run(['logs', 'rehearsal-1', '--json', '-n1'.slice(0, 2), '1'])).stdout)).toMatchObject({
      text: 'three',
    });
    const { io, printed, text } = testIo(at());
    const ended = main(['logs', '-f', '--json', '--grep', 'later', '--since', '1d', 'rehearsal-1'], io);
    appendFileSync(newest(), 'and later\r\n');
    await printed(/later/);
    interrupt();
    await ended;
    expect(JSON.parse(lines(text.stdout).at(-1)!)).toEqual({ instance: 'rehearsal-1', line: 'and later' });
  });

  test('since a time only what came after it is printed', async () => {
    const early = Date.now() - 3_600_000;
    const end = await endOfLog(folder());
    writeFileSync(join(folder(), 'times'), '');
    await markLog(folder(), early, end!.place);
    appendFileSync(newest(), 'within the hour\r\n');
    expect((await run(['logs', 'rehearsal-1', '--since', '30m'])).stdout).toBe('within the hour\n');
    expect(lines((await run(['logs', 'rehearsal-1', '--since', '2h'])).stdout).length).toBeGreaterThan(3);
    expect((await run(['logs', 'rehearsal-1', '--since', '2999-01-01'])).stdout).toBe('');
    const { io, text, printed } = testIo(at());
    const ended = main(['logs', 'rehearsal-1', '-f', '--since', '2999-01-01'], io);
    await vi.waitUntil(async () => {
      appendFileSync(newest(), 'from now on\r\n');
      await new Promise(setImmediate);
      return text.stdout !== '';
    });
    await printed(/from now on/);
    interrupt();
    await ended;
    expect(new Set(lines(text.stdout))).toEqual(new Set(['from now on']));
  });

  test.each([
    [['rehearsal-1', '--grep', '('], 2, /"\(" is no regular expression: unterminated group\./],
    [['rehearsal-1', '--grep', 'x', '--since', 'noon'], 2, /"noon" is no time/],
    [['rehearsal-1', '--limit', '0'], 2, /no number of lines/],
    [['rehearsal-1', '--grpe', 'x'], 2, /Did you mean --grep\?/],
    [['rehearsal-1', '--grep'], 2, /--grep needs a value/],
    [['rehearsal-1', 'rehearsal-2'], 2, /one word too many/],
    [['rehearsal-9', '--grep', 'x'], 3, /There is no instance "rehearsal-9"/],
    [['-f'], 2, /./],
  ])('logs %j is refused with one sentence', async (argv, exit, text) => {
    const refused = await run(['logs', ...argv]);
    expect(refused).toMatchObject({ exit, stdout: '', stderr: expect.stringMatching(text) });
    expect(lines(refused.stderr).length).toBeLessThanOrEqual(2);
  });
});

describe('an expression on lines of a log', () => {
  test('keeps the lines that match, in the newer syntax or the older one', () => {
    expect(lineFilter('^\\p{Lu}')(['Äpfel', 'x'])).toEqual(['Äpfel']);
    expect(lineFilter('a\\-b')(['a-b', 'ab'])).toEqual(['a-b']);
  });

  test('that would take for ever is ended', () => {
    const slow = lineFilter('^(a+)+$', 50);
    expect(() => slow([`${'a'.repeat(60)}!`])).toThrow(
      expect.objectContaining({ exit: 2, message: expect.stringContaining('takes too long') }),
    );
  });
});

describe('the times of a log', () => {
  const place = () => {
    const temporary = temporaryFolder('times');
    const segment = (n: number, text: string, age = 0) => {
      const file = join(temporary.path, `${String(n).padStart(6, '0')}.log`);
      writeFileSync(file, text);
      utimesSync(file, 1000 - age, 1000 - age);
    };
    return { dir: temporary.path, segment, [Symbol.dispose]: () => temporary[Symbol.dispose]() };
  };

  test('a place is found by the last mark before it, and what is older than that is passed over', async () => {
    using log = place();
    expect([await endOfLog(log.dir), await placeSince(log.dir, 0)]).toEqual([null, null]);
    log.segment(1, 'older', 500);
    log.segment(2, '0123456789');
    await markLog(log.dir, 600_000, { segment: 1, offset: 5 });
    await markLog(log.dir, 700_000, { segment: 2, offset: 4 });
    await markLog(log.dir, 800_000, { segment: 2, offset: 8 });
    appendFileSync(join(log.dir, 'times'), 'a torn li');
    expect(await endOfLog(log.dir)).toMatchObject({ place: { segment: 2, offset: 10 } });
    const since = (at: number) => placeSince(log.dir, at);
    expect(await since(100_000)).toEqual({ segment: 1, offset: 0 });
    expect(await since(650_000)).toEqual({ segment: 2, offset: 0 });
    expect(await since(750_000)).toEqual({ segment: 2, offset: 4 });
    expect(await since(900_000)).toEqual({ segment: 2, offset: 8 });
    expect(await since(1_100_000)).toBeNull();
  });

  test('old marks go when there are many', async () => {
    using log = place();
    for (let i = 1; i <= 7; i += 1) await markLog(log.dir, i, { segment: 1, offset: i });
    await boundMarks(log.dir, 4);
    expect(lines(readFileSync(join(log.dir, 'times'), 'utf8'))).toHaveLength(7);
    await boundMarks(log.dir, 3);
    expect(lines(readFileSync(join(log.dir, 'times'), 'utf8'))).toEqual(['5 1 5', '6 1 6', '7 1 7']);
  });

  test('a log is marked when it has grown, and only of those that live', async () => {
    using log = place();
    const instance = (id: string, kind: string) => ({ instance_id: id, host: 'local', state: { kind } });
    const state = { instances: { '.': instance('.', 'idle'), gone: instance('gone', 'stopped') } } as unknown as State;
    const services = { ...servicesOn({ paths: { logs: log.dir } }), store: { state } } as never;
    const mark = (now: number) => noteTimes(services, now);
    await mark(1);
    log.segment(1, 'abc');
    await mark(2);
    await mark(3);
    log.segment(1, 'abcd');
    await mark(4);
    expect(lines(readFileSync(join(log.dir, 'times'), 'utf8'))).toEqual(['2 1 3', '3 1 3', '4 1 4']);
    // What an agent that is over has printed last counts, for a while.
    const since = new Date(5).toISOString();
    Object.assign(state.instances['.']!, { state: { kind: 'failed', since } });
    log.segment(1, 'abcde');
    await mark(6);
    log.segment(1, 'abcdef');
    await mark(60_000);
    expect(lines(readFileSync(join(log.dir, 'times'), 'utf8')).slice(3)).toEqual(['6 1 5']);
  });
});

describe('[MON-3] the daemon’s own log', () => {
  const write = (text: string, ending = '') => writeFileSync(`${swarm.paths.daemonLog}${ending}`, text);
  const OLD = '2026-01-01T00:00:00.000Z an old line\n';
  const NEW = '2999-01-01T00:00:00.000Z a line to come\n    with a stack\n';

  test('is printed, filtered, followed, and rotated', async () => {
    write(`${OLD}${NEW}`);
    write('2025-01-01T00:00:00.000Z put aside\n', '.1');
    expect((await run(['daemon', 'logs'])).stdout).toBe(`${OLD}${NEW}`);
    expect((await run(['daemon', 'logs', '-n', '1'])).stdout).toBe('    with a stack\n');
    expect((await run(['daemon', 'logs', '--since', '2026-06-01'])).stdout).toBe(NEW);
    expect((await run(['daemon', 'logs', '--grep', 'aside|old'])).stdout).toBe(
      `2025-01-01T00:00:00.000Z put aside\n${OLD}`,
    );
    expect(JSON.parse((await run(['--json', 'daemon', 'logs', '--grep', 'stack'])).stdout)).toEqual({
      line: '    with a stack',
    });
    const { io, text, printed } = testIo(at());
    const ended = main(['daemon', '-f', 'logs', '--grep', 'follow'], io);
    appendFileSync(swarm.paths.daemonLog, 'no\n\u001B[31mfollowed\u001B[0m\n');
    await printed(/followed\n/);
    boundLog(swarm.paths.daemonLog, 10);
    appendFileSync(swarm.paths.daemonLog, 'followed on\n');
    await printed(/followed on/);
    interrupt();
    expect(await ended).toBe(0);
    expect(text.stdout).toBe('followed\nfollowed on\n');
    expect(readFileSync(`${swarm.paths.daemonLog}.1`, 'utf8')).toContain('an old line');
    boundLog(swarm.paths.daemonLog);
    boundLog(join(swarm.root, 'no such file'));
    expect(readFileSync(swarm.paths.daemonLog, 'utf8')).toBe('followed on\n');
  });
});
