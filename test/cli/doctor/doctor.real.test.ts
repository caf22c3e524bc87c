import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { askSocket } from '../../../src/cli/doctor/daemon.ts';
import { type DoctorReport, doctorSchema } from '../../../src/cli/doctor/finding.ts';
import { main } from '../../../src/cli/main.ts';
import { openTerminal } from '../../e2e/terminal.ts';
import { daemonWords, holdNumber } from '../../helpers/deaf-daemon.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runMain, testIo } from '../../helpers/io.ts';
import { openSwarm, testRepository } from '../../helpers/swarm.ts';

type Repository = ReturnType<typeof testRepository>;

const place = ({ root, env }: Pick<Repository, 'root' | 'env'>) => ({ cwd: root, env });

/** A machine that is busy with other tests may be slow. */
const PATIENT = ['--timeout', '20s'];

const examine = async (at: { cwd: string; env: Record<string, string> }, ...more: string[]) => {
  const { exit, stdout } = await runMain(['doctor', '--json', ...PATIENT, ...more], at);
  const report: DoctorReport = doctorSchema.parse(JSON.parse(stdout));
  expect([report.healthy, report.counts.error === 0]).toEqual([exit === 0, exit === 0]);
  return { exit, report, one: (id: string) => report.findings.find((finding) => finding.id === id) };
};

/** A PATH with these programs only, and those that a shell script needs. */
const pathWith = (folder: string, programs: readonly string[]): string => {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const program of [...programs, 'sh', 'echo']) {
    const file = execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
    if (file.startsWith('/')) symlinkSync(file, join(bin, program));
  }
  return bin;
};

/** A socket that somebody left behind, as a crash does: closing it properly would remove the file. */
const leaveSocket = async (path: string): Promise<void> => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const dead = createServer().listen(path);
  await once(dead, 'listening');
  renameSync(path, `${path}.kept`);
  dead.close();
  renameSync(`${path}.kept`, path);
};

test('a healthy place gets a line for each thing that was looked at, in 80 columns, and exit code 0', async () => {
  using repository = testRepository();
  const { exit, stdout, stderr } = await runMain(['doctor', ...PATIENT], place(repository));
  expect([exit, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^tmux\n {2}✔ ok {7}tmux: 3\.\d/mu);
  expect(stdout).toMatch(/^git\n {2}✔ ok {7}git: 2\.\d/mu);
  expect(stdout).toMatch(/^ {2}✔ ok {7}daemon: does not run; the next command starts it$/mu);
  expect(stdout).toMatch(/^ {2}✔ ok {7}rehearsal: comes with Drover$/mu);
  expect(stdout.split('\n').filter((line) => line.length > 80 && !line.trimStart().startsWith('— '))).toEqual([]);
  // It looks, and makes nothing.
  expect([repository.tmux('list-sessions'), repository.git('status', '--porcelain')]).toEqual(['', '']);
  expect(() => statSync(repository.paths.state)).toThrow('ENOENT');
});

test('[INI-2] without tmux it says how to install it, and a stale socket is removed by --fix', async () => {
  using repository = testRepository();
  const bare = { ...repository.env, PATH: pathWith(repository.env['HOME']!, ['git']) };
  const missing = await runMain(['doctor', ...PATIENT], { cwd: repository.root, env: bare });
  expect(missing.exit).toBe(1);
  expect(missing.stdout).toMatch(/tmux: not found — install with: (?:sudo \w+|brew) .*tmux$/mu);

  await leaveSocket(repository.paths.socket);
  writeFileSync(`${repository.paths.lock}.pid`, '4194304\n');
  expect((await runMain(['doctor', ...PATIENT], place(repository))).stdout).toContain(
    '"drover doctor --fix" repairs 2 of them.',
  );
  const fixed = await runMain(['doctor', '--fix', ...PATIENT], place(repository));
  expect(fixed.exit).toBe(0);
  expect(fixed.stdout).toMatch(/^ {2}✔ fixed {4}daemon: left its socket behind/mu);
  expect(fixed.stdout).toMatch(/^2 repaired/mu);
  const again = await examine(place(repository));
  expect([again.exit, again.one('daemon.none')?.severity, again.one('daemon.dead-lock')]).toEqual([0, 'ok', undefined]);
  expect((await runMain(['doctor', '-q', ...PATIENT], place(repository))).stdout).not.toContain('✔');
});

test('how long it may take is a duration, and the document can be one line', async () => {
  using repository = testRepository();
  for (const value of ['soon', '1ms', '2h'])
    expect(await runMain(['doctor', `--timeout=${value}`], place(repository))).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining(`"${value}" is none`),
    });
  const { stdout } = await runMain(['doctor', '--jsonl', ...PATIENT], place(repository));
  expect(doctorSchema.parse(JSON.parse(stdout)).healthy).toBe(true);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
});

test('outside of a repository it looks at what there is, and says how to get one', async () => {
  using folder = temporaryFolder('doctor');
  using repository = testRepository();
  const env = { ...repository.env, DROVER_AGENT: 'rehearsal' };
  const { exit, report, one } = await examine({ cwd: folder.path, env });
  expect(exit).toBe(1);
  expect(report.findings.filter(({ severity }) => severity === 'error')).toMatchObject([
    { id: 'repository.none', repair: 'git init && git commit --allow-empty -m first' },
  ]);
  expect([one('tmux.version')?.severity, one('git.version')?.severity]).toEqual(['ok', 'ok']);
  execFileSync('git', ['init', '-q', '--bare', 'bare'], { cwd: folder.path, env });
  const bare = await examine({ cwd: join(folder.path, 'bare'), env });
  expect(bare.one('repository.none')).toMatchObject({ cause: expect.stringContaining('bare repository') });
});

test('every mistake of the configuration is a finding with its line, and the rest is examined all the same', async () => {
  using repository = testRepository();
  writeFileSync(repository.paths.config, '{\n "agnet": "x",\n "limits": {"maxInstances": 0}\n}');
  const env = { ...repository.env, DROVER_TIMEOUTS_IDLE_MS: 'soon' };
  const { exit, report, one } = await examine({ cwd: repository.root, env });
  const mistakes = report.findings.filter(({ id }) => id === 'config.invalid');
  expect(exit).toBe(1);
  expect(mistakes.map(({ repair }) => repair)).toEqual(
    expect.arrayContaining([
      'unset DROVER_TIMEOUTS_IDLE_MS',
      `\${EDITOR:-vi} +2 ${repository.paths.config}`,
      `\${EDITOR:-vi} +3 ${repository.paths.config}`,
    ]),
  );
  expect(mistakes.some(({ cause }) => cause.includes('Did you mean "agent"?'))).toBe(true);
  expect([one('git.version')?.severity, one('disk.space')?.severity]).toEqual(['ok', 'ok']);
  rmSync(repository.paths.config);
  mkdirSync(repository.paths.config);
  expect((await examine(place(repository))).one('config.unreadable')?.severity).toBe('error');
});

test('a name for branches that a former version took is a warning, and what is known by the settings is examined', async () => {
  using repository = testRepository();
  writeFileSync(repository.paths.config, '{\n "branches": {"task": "work/{id}"}\n}');
  const { one } = await examine(place(repository));
  expect(one('config.outdated')).toMatchObject({
    severity: 'warning',
    cause: expect.stringContaining(`${repository.paths.config}, line 2: branches.task: only {task} and {slug}`),
    repair: `\${EDITOR:-vi} +2 ${repository.paths.config}`,
  });
  expect(one('config.invalid')).toBeUndefined();
});

test('an agent of the configuration that is not installed or unknown is an error, another one is no matter', async () => {
  using repository = testRepository({
    settings: { agent: 'nobody', agents: { nobody: { command: ['no-such-program'] }, empty: { env: {} } } },
  });
  const { one } = await examine(place(repository));
  expect(one('agent.missing')).toMatchObject({ name: 'nobody', severity: 'error' });
  expect(one('agent.faulty')).toMatchObject({ name: 'empty', cause: expect.stringContaining('has no command') });
  expect(one('agent.others')?.cause).toContain('kiro');
  const other = await examine({ cwd: repository.root, env: { ...repository.env, DROVER_AGENT: 'cluade' } });
  expect(other.one('agent.unknown')?.cause).toContain('Did you mean "claude"');
});

test('before an agent is chosen that none is there is a warning that says how to choose one', async () => {
  using repository = testRepository();
  rmSync(repository.paths.config);
  const path = pathWith(repository.env['HOME']!, ['git', 'tmux', 'node']);
  const { one } = await examine({ cwd: repository.root, env: { ...repository.env, PATH: path } });
  expect(one('config.valid')?.cause).toBe('defaults');
  expect(one('agent.unchosen')).toMatchObject({ severity: 'warning', repair: 'drover init' });
  expect(one('agent.missing')).toBeUndefined();
});

test('Claude Code is examined without a request: version, login, and what it would ask first', async () => {
  using repository = testRepository({ settings: { agent: 'claude' } });
  const { env, root } = repository;
  const bin = join(env['HOME']!, 'agents');
  mkdirSync(bin);
  const file = join(bin, 'claude');
  writeFileSync(file, '#!/bin/sh\n[ "$*" = --version ] && echo "2.1.328 (Claude Code)" || touch "$HOME/asked"\n', {
    mode: 0o755,
  });
  const at = { cwd: root, env: { ...env, PATH: `${bin}:${env['PATH']}` } };
  const first = await examine(at);
  expect(first.one('agent.logged-out')).toMatchObject({
    severity: 'warning',
    cause: expect.stringContaining('2.1.328 (Claude Code), but nobody'),
    repair: 'claude /login',
  });
  expect(first.one('agent.first-start')?.severity).toBe('warning');
  mkdirSync(join(env['HOME']!, '.claude'));
  writeFileSync(
    join(env['HOME']!, '.claude', '.credentials.json'),
    '{"claudeAiOauth":{"accessToken":"very-secret","refreshToken":"r","expiresAt":1}}',
  );
  writeFileSync(
    join(env['HOME']!, '.claude.json'),
    JSON.stringify({ hasCompletedOnboarding: true, projects: { [root]: { hasTrustDialogAccepted: true } } }),
  );
  const second = await examine(at);
  expect(second.report.findings.filter(({ area, severity }) => area === 'agent' && severity !== 'ok')).toEqual([]);
  expect(second.one('agent.found')).toMatchObject({
    cause: expect.stringMatching(/logged in by .*\.credentials\.json/),
  });
  expect(JSON.stringify(second.report)).not.toContain('very-secret');
  expect(() => statSync(join(env['HOME']!, 'asked'))).toThrow('ENOENT');
});

test('a program that hangs does not keep the others from speaking', async () => {
  using repository = testRepository({ settings: { agent: 'slow', agents: { slow: { command: ['hangs'] } } } });
  const bin = join(repository.env['HOME']!, 'hanging');
  mkdirSync(bin);
  for (const name of ['hangs', 'git']) writeFileSync(join(bin, name), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
  const env = { ...repository.env, PATH: `${bin}:${repository.env['PATH']}` };
  const { one } = await examine({ cwd: repository.root, env }, '--timeout=20s');
  expect(one('git.silent')?.cause).toMatch(/answer/u);
  expect(one('agent.found')).toMatchObject({ name: 'rehearsal' });
  expect(one('tmux.version')?.severity).toBe('ok');
});

test('a server that would end with its last client is an error, before it runs and while it does', async () => {
  using repository = testRepository();
  const conf = join(repository.env['HOME']!, '.tmux.conf');
  writeFileSync(conf, 'set -s exit-unattached on\n');
  const before = await examine(place(repository));
  expect(before.one('tmux.exit-unattached')).toMatchObject({
    severity: 'error',
    repair: expect.stringContaining(conf),
  });
  rmSync(conf);

  repository.tmux('new-session', '-d', '-s', 'mine', 'cat');
  const person = openTerminal(['tmux', 'attach-session', '-t', '=mine'], { cwd: repository.root, env: repository.env });
  await vi.waitUntil(() => repository.tmux('list-clients') !== '');
  repository.tmux(
    'set-option',
    '-s',
    'exit-unattached',
    'on',
    ';',
    'set-hook',
    '-g',
    'client-detached',
    'kill-session',
  );
  repository.tmux('set-option', '-s', 'escape-time', '500', ';', 'set-environment', '-g', 'HOME', '/elsewhere');
  const { exit, one } = await examine(place(repository));
  expect(exit).toBe(1);
  expect(one('tmux.exit-unattached')).toMatchObject({ repair: 'tmux set-option -s exit-unattached off' });
  expect(one('tmux.deadly-hook')).toMatchObject({ name: 'hook client-detached' });
  expect(one('tmux.escape-time')?.cause).toContain('500 ms');
  expect(one('tmux.environment')?.cause).toContain('/elsewhere');
  expect(one('tmux.colours')?.cause).toContain('xterm-256color');
  execFileSync('sh', ['-c', one('tmux.exit-unattached')!.repair!], { env: repository.env });
  expect((await examine(place(repository))).one('tmux.exit-unattached')).toBeUndefined();
  expect(repository.tmux('list-sessions', '-F', '#{session_name}')).toBe('mine');
  repository.tmux('kill-server');
  await person.ended();
});

test('a session with our mark and no record is ended by --fix, and a foreign one stays', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  const { key } = swarm.paths;
  for (const [name, mark] of [
    ['r-ghost-1', `${key}/ghost-1`],
    ['mine', ''],
    ['r-other-1', 'ffffffff/other-1'],
  ]) {
    swarm.tmux('new-session', '-d', '-s', name!, 'cat');
    if (mark) swarm.tmux('set-option', '-t', `=${name}:`, '@drover_id', mark);
  }
  const seen = await examine(place(swarm));
  expect(seen.one('daemon.runs')?.severity).toBe('ok');
  expect(seen.report.findings.filter(({ id }) => id === 'leftover.session')).toMatchObject([
    { cause: expect.stringContaining('r-ghost-1'), fixable: true, repair: 'drover sessions clean r-ghost-1' },
  ]);
  const fixed = await examine(place(swarm), '--fix');
  expect(fixed.one('leftover.session')).toMatchObject({ fixed: true });
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}').split('\n')).toEqual([
    ...['mine', 'r-other-1', 'r-rehearsal-1'],
  ]);
  expect((await swarm.state()).instances['rehearsal-1']?.state.kind).toBe('idle');
});

test('what is proposed for a session that is left over ends nothing of a person in it', async () => {
  await using swarm = await openSwarm();
  swarm.tmux('new-session', '-d', '-s', 'r-ghost-1', 'cat');
  swarm.tmux('set-option', '-t', '=r-ghost-1:', '@drover_id', `${swarm.paths.key}/ghost-1`);
  swarm.tmux('set-option', '-F', '-t', '=r-ghost-1:', '@drover_pane', '#{pane_id}');
  swarm.tmux('new-window', '-d', '-t', '=r-ghost-1:', '-n', 'mine', 'cat');
  const { repair } = (await examine(place(swarm))).one('leftover.session')!;
  const [program, ...argv] = repair!.split(' ');
  expect(program).toBe('drover');
  const done = await runMain([...argv, '--yes'], { cwd: swarm.root, env: swarm.env });
  expect([done.exit, done.stdout]).toEqual([
    0,
    expect.stringContaining('What you run there goes on in r-ghost-1-yours.'),
  ]);
  expect(swarm.tmux('list-windows', '-a', '-F', '#S #W')).toBe('r-ghost-1-yours mine');
});

test('what a killed swarm leaves behind is found, and the records of folders that are gone are forgotten', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  const { worktrees, state, commonDir } = swarm.paths;
  swarm.git('worktree', 'add', '-q', '-b', 'drover/ghost-1', join(worktrees, 'ghost-1'));
  swarm.git('worktree', 'add', '-q', '-b', 'drover/ghost-2', join(worktrees, 'ghost-2'));
  rmSync(join(worktrees, 'ghost-2'), { recursive: true });
  swarm.git('worktree', 'add', '-q', '-b', 'own', join(swarm.env['HOME']!, 'own'));
  rmSync(join(swarm.env['HOME']!, 'own'), { recursive: true });
  writeFileSync(join(commonDir, 'index.lock'), '');
  utimesSync(join(commonDir, 'index.lock'), new Date(0), new Date(0));
  await swarm.close();
  swarm.tmux('kill-session', '-t', '=r-rehearsal-1');
  chmodSync(state, 0o755);

  const { report, exit } = await examine(place(swarm), '--fix');
  const left = report.findings.filter(({ severity }) => severity === 'warning' || severity === 'note');
  expect(exit).toBe(0);
  expect(left.filter(({ area }) => area !== 'tmux').map(({ id, fixed }) => [id, fixed])).toEqual(
    expect.arrayContaining([
      ['git.lock', false],
      ['daemon.permissions', true],
      ['leftover.lost-instance', false],
      ['leftover.worktree', false],
      ['leftover.worktree-record', true],
      ['leftover.own-worktree-record', false],
      ['leftover.branch', false],
    ]),
  );
  expect(statSync(state).mode & 0o777).toBe(0o700);
  const listed = swarm.git('worktree', 'list', '--porcelain');
  expect([listed.includes('ghost-2'), listed.includes('ghost-1'), listed.includes('/own')]).toEqual([
    false,
    true,
    true,
  ]);
  rmSync(join(commonDir, 'index.lock'));
});

test('journal and db.json are examined without a daemon, and nothing is called left over while they are damaged', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "Say hello" id=demo-1');
  await swarm.close();
  const { projection, journal } = swarm.paths;
  expect((await examine(place(swarm))).one('state.journal')?.cause).toMatch(/^\d+ events in 1 segment$/);
  const segment = join(journal, '000000000001.jsonl');
  const whole = readFileSync(segment, 'utf8');

  writeFileSync(segment, `${whole}deadbeef {"seq":`);
  expect((await examine(place(swarm))).one('state.torn')?.severity).toBe('note');
  rmSync(projection);
  expect((await examine(place(swarm))).one('state.projection')?.severity).toBe('note');
  writeFileSync(projection, '{');
  expect((await examine(place(swarm))).one('state.projection')?.severity).toBe('warning');

  writeFileSync(segment, whole.replace('demo-1', 'demo-2'));
  swarm.tmux('new-session', '-d', '-s', 'r-ghost-1', 'cat');
  swarm.tmux('set-option', '-t', '=r-ghost-1:', '@drover_id', `${swarm.paths.key}/ghost-1`);
  const damaged = await examine(place(swarm), '--fix');
  expect(damaged.one('state.damaged')).toMatchObject({ severity: 'error', fixed: true });
  expect([damaged.one('leftover.unknown')?.severity, damaged.one('leftover.session')]).toEqual(['note', undefined]);
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('r-ghost-1');
});

test('a daemon of another version, one that is deaf and one that says nothing are told apart', async () => {
  using repository = testRepository();
  const { socket, lock } = repository.paths;
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
  const listening = createServer().listen(socket);
  const open = new Set<Socket>();
  listening.on('connection', (client) => void open.add(client));
  await once(listening, 'listening');
  onTestFinished(() => {
    for (const client of open) client.destroy();
    listening.close();
  });
  expect(await askSocket(socket, 50)).toEqual({ kind: 'silent' });
  listening.on('connection', (client) =>
    client.on('data', (line) => {
      const { id } = JSON.parse(String(line)) as { id: string };
      client.write(`${JSON.stringify({ kind: 'reply', id, reply: { data: { version: '0.0.1', pid: 7 } } })}\n`);
    }),
  );
  expect((await examine(place(repository))).one('daemon.other-version')?.repair).toBe('drover daemon stop');
  rmSync(socket);
  {
    await using deaf = await holdNumber(repository.paths, daemonWords(repository.paths));
    const { cause, repair } = (await examine(place(repository))).one('daemon.deaf')!;
    expect([cause.includes(`process ${deaf.pid} `), repair]).toEqual([true, 'drover daemon stop']);
  }
  for (const words of [['server.js'], daemonWords({ lock: '/other/lock.db', root: '/other' })]) {
    // The number that a daemon had is that of any program by now, after a restart of the machine.
    await using other = await holdNumber(repository.paths, words);
    const found = await examine(place(repository));
    expect(found.one('daemon.deaf')).toBeUndefined();
    expect(found.one('daemon.dead-lock')?.cause).toBe(`process ${other.pid} held it and is another program now`);
  }
  rmSync(`${lock}.pid`);
  mkdirSync(socket);
  expect((await examine(place(repository), '--fix')).one('daemon.not-a-socket')).toMatchObject({ fixed: true });
  expect(statSync(`${socket}.damaged`).isDirectory()).toBe(true);
});

test('a terminal is asked what it can do, and old programs are named with their version', async () => {
  using repository = testRepository();
  const bin = join(repository.env['HOME']!, 'old');
  mkdirSync(bin);
  writeFileSync(join(bin, 'tmux'), '#!/bin/sh\necho tmux 2.9\n', { mode: 0o755 });
  writeFileSync(join(bin, 'git'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  const env = { ...repository.env, PATH: `${bin}:${repository.env['PATH']}`, LANG: 'C', TMUX: '/tmp/x,1,0' };
  const { io, text, printed } = testIo({ cwd: repository.root, env, tty: true });
  const run = main(['doctor', ...PATIENT], io);
  await printed(/\[\?2026\$p/u);
  (io.stdin as unknown as { write: (text: string) => void }).write('\u001B[?2026;2$y\u001B[?62;22c');
  expect(await run).toBe(1);
  for (const words of [
    'x error',
    '2.9 is too old, 3.2 is needed',
    'git: does not tell its version',
    'is not UTF-8',
    'TERM inside tmux',
    'frames: drawn in one piece',
  ])
    expect(text.stdout).toContain(words);
});
