import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { openSwarm } from '../helpers/swarm.ts';
import { drover, eventually, openProgram } from './program.ts';

const programs = (folder: string, ...names: readonly string[]): string => {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const name of names) {
    const where = execFileSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' }).trim();
    symlinkSync(where, join(bin, name));
  }
  return bin;
};

test('without tmux one sentence says so, with the command that installs it', async () => {
  using folder = temporaryFolder('bad');
  const PATH = programs(folder.path, 'git', 'sh');
  await using program = openProgram();
  const place = { cwd: program.root, env: { ...program.env, PATH } };
  const { exit, stdout, stderr } = await drover(['list', 'tasks'], place);
  expect([exit, stdout]).toEqual([1, '']);
  const [sentence, hint, ...rest] = stderr.split('\n');
  expect([sentence, rest]).toEqual(['drover: tmux is not installed or not on the PATH.', ['']]);
  for (const how of ['apt install tmux', 'dnf install tmux', 'pacman -S tmux', 'brew install tmux'])
    expect(hint).toContain(how);
});

test('a tmux that is too old is named with its version and the one that is needed', async () => {
  using folder = temporaryFolder('bad');
  const PATH = programs(folder.path, 'git', 'sh');
  writeFileSync(
    join(PATH, 'tmux'),
    '#!/bin/sh\n[ "$1" = -V ] && { echo tmux 2.8; exit; }\necho no server running on /x >&2\nexit 1\n',
    { mode: 0o755 },
  );
  await using program = openProgram();
  const { exit, stderr } = await drover(['list', 'tasks'], { cwd: program.root, env: { ...program.env, PATH } });
  expect([exit, stderr]).toEqual([
    1,
    expect.stringMatching(/^drover: tmux 2\.8 is too old\.\nInstall tmux 3\.2 or newer/u),
  ]);
});

test('without git one sentence says so, with the command that installs it', async () => {
  using folder = temporaryFolder('bad');
  const PATH = programs(folder.path, 'tmux', 'sh');
  await using program = openProgram();
  const { exit, stderr } = await drover(['list', 'tasks'], { cwd: program.root, env: { ...program.env, PATH } });
  expect([exit, stderr]).toEqual([
    1,
    expect.stringMatching(/^drover: git was not found\.\nInstall git.*apt install git/u),
  ]);
});

// The user's shell, their commands and hooks would each break an agent that relied on the defaults.
const SURPRISES = `
set -g base-index 1
set -g pane-base-index 1
set -g destroy-unattached on
set -g remain-on-exit on
set -g default-command "echo default-command ran; exec sh"
set -g default-shell /bin/dash
set -g default-terminal "dumb"
set -g renumber-windows on
set -g automatic-rename on
set -g allow-rename on
set -g set-titles on
set -g mouse on
set -g history-limit 1
set -g status off
set -g monitor-silence 1
set -g monitor-activity on
set -g synchronize-panes on
set -g aggressive-resize on
set -g window-size smallest
set -g update-environment "GIT_DIR"
set -s command-alias[100] new-session='kill-server'
set -s command-alias[101] kill-session='kill-server'
set-hook -g session-created 'rename-session surprise'
set-hook -g after-new-session 'rename-window surprise'
set-hook -g pane-died 'respawn-pane'
set-hook -g window-linked 'select-layout tiled'
set-environment -g GIT_DIR /nowhere
set-environment -g BASH_ENV /nowhere
`;

test('a configuration full of surprises changes nothing about a whole task', async () => {
  await using swarm = await openSwarm();
  writeFileSync(join(swarm.env['HOME']!, '.tmux.conf'), SURPRISES);
  await swarm.say('create task "Say hello" check="test -d rehearsal" id=demo-1');
  expect(await swarm.say('launch 2 instances')).toMatchObject({ exit: 0 });
  const sessions = () => swarm.tmux('list-sessions', '-F', '#{session_name} #{@drover_id}').split('\n');
  expect(sessions()).toEqual([
    `r-rehearsal-1 ${swarm.paths.key}/rehearsal-1`,
    `r-rehearsal-2 ${swarm.paths.key}/rehearsal-2`,
  ]);
  // The configuration was really read.
  expect(swarm.tmux('show-options', '-gv', 'base-index')).toBe('1');
  expect(await swarm.say('run task demo-1 wait=true')).toMatchObject({ exit: 0, message: '1 task done.' });
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  expect((await swarm.say('show log rehearsal-1')).text).not.toContain('default-command ran');
  expect(await swarm.say('stop instance rehearsal-1')).toMatchObject({ exit: 0 });
  expect(sessions()).toEqual([`r-rehearsal-2 ${swarm.paths.key}/rehearsal-2`]);
});

test('a server that ends when nobody is attached is refused with the way out, and nothing is made', async () => {
  await using swarm = await openSwarm();
  writeFileSync(join(swarm.env['HOME']!, '.tmux.conf'), 'set -s exit-unattached on\n');
  const reply = await swarm.say('launch 1 instance');
  expect([reply.exit, reply.message]).toEqual([1, expect.stringContaining('exit-unattached')]);
  expect(reply.message).toContain('tmux.socket');
  expect((await swarm.state()).instances['rehearsal-1']?.state.kind).toBe('failed');
});

test('with a server of its own the swarm leaves the default one alone', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', tmux: { socket: 'drover-own' } } });
  try {
    await swarm.say('create task "Say hello" id=demo-1');
    expect(await swarm.say('run task demo-1 wait=true')).toMatchObject({ exit: 0 });
    expect(swarm.tmux('list-sessions')).toBe('');
    expect(swarm.tmux('-L', 'drover-own', 'list-sessions', '-F', '#{session_name}')).toBe('r-rehearsal-1');
    expect(await swarm.say('stop all instances')).toMatchObject({ exit: 0 });
  } finally {
    swarm.tmux('-L', 'drover-own', 'kill-server');
  }
});

test('[TMX-3] a session of the user’s with the name of an instance is not taken, and named', async () => {
  await using swarm = await openSwarm();
  swarm.tmux('new-session', '-d', '-s', 'r-rehearsal-1', 'cat');
  const reply = await swarm.say('launch 1 instance');
  expect([reply.exit, reply.message]).toEqual([
    6,
    'A tmux session called "r-rehearsal-1" exists and is not Drover\'s.',
  ]);
  expect(reply.hint).toContain('tmux.socket');
  expect((await swarm.state()).instances).toEqual({});
  expect(swarm.tmux('list-sessions', '-F', '#{session_name} [#{@drover_id}]')).toBe('r-rehearsal-1 []');
  swarm.tmux('rename-session', '-t', '=r-rehearsal-1', 'mine');
  expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 0 });
});

test('[TMX-3] sessions are named after repository and instance, and stopping one touches no other that begins alike', async () => {
  await using swarm = await openSwarm({ name: 'my.repo:x' });
  for (const name of ['my_repo_x-rehearsal-10', 'my_repo_x-rehearsal-1x', 'my_repo_x-rehearsal', 'my_repo'])
    swarm.tmux('new-session', '-d', '-s', name, 'cat');
  expect(await swarm.say('launch 2 instances')).toMatchObject({ exit: 0 });
  const sessions = () => swarm.tmux('list-sessions', '-F', '#{session_name}').split('\n').toSorted();
  const before = sessions();
  expect(before).toContain('my_repo_x-rehearsal-1');
  expect(await swarm.say('stop instance rehearsal-1')).toMatchObject({ exit: 0 });
  expect(sessions()).toEqual(before.filter((name) => name !== 'my_repo_x-rehearsal-1'));
  // Stopped once more, now that only others begin with its name.
  await swarm.say('stop instance rehearsal-1 force');
  await swarm.say('stop instance rehearsal-2 force');
  expect(sessions()).toEqual(['my_repo', 'my_repo_x-rehearsal', 'my_repo_x-rehearsal-10', 'my_repo_x-rehearsal-1x']);
});

test('[TMX-3] a session of the user’s that took the name of a stopped instance is not ended by it', async () => {
  await using swarm = await openSwarm();
  expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 0 });
  await swarm.say('stop instance rehearsal-1');
  swarm.tmux('new-session', '-d', '-s', 'r-rehearsal-1', 'cat');
  await swarm.say('stop instance rehearsal-1 force');
  const restarted = await swarm.say('restart instance rehearsal-1');
  expect(restarted.exit).not.toBe(0);
  expect(restarted.message).toContain('"r-rehearsal-1" exists already');
  await swarm.say('remove instance rehearsal-1');
  expect(swarm.tmux('list-sessions', '-F', '#{session_name} [#{@drover_id}]')).toBe('r-rehearsal-1 []');
});

test('called from inside of another tmux server the sessions still go to the user’s own', async () => {
  await using program = openProgram();
  program.tmux('-L', 'drover-other', 'new-session', '-d', '-s', 'outer', 'cat');
  try {
    const TMUX = program.tmux(
      '-L',
      'drover-other',
      'display-message',
      '-p',
      '-t',
      '=outer:',
      '#{socket_path},#{pid},0',
    );
    const place = { cwd: program.root, env: { ...program.env, TMUX, TMUX_PANE: '%0' } };
    expect(await drover(['launch', '1', 'instance'], place)).toMatchObject({ exit: 0, stderr: '' });
    expect(program.tmux('list-sessions', '-F', '#{session_name}')).toBe('r-rehearsal-1');
    expect(program.tmux('-L', 'drover-other', 'list-sessions', '-F', '#{session_name}')).toBe('outer');
    expect(await drover(['down', '--yes'], place)).toMatchObject({ exit: 0 });
  } finally {
    program.tmux('-L', 'drover-other', 'kill-server');
  }
});

test('when somebody ends the whole tmux server under running tasks, each loss is told and nothing else is lost with it', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '60000' } });
  for (const n of [1, 2, 3, 4, 5, 6]) await swarm.say(`create task "Task ${n}" id=demo-${n}`);
  await swarm.say('launch 2 instances');
  await swarm.say('run all ready tasks');
  const instancesOf = async () => Object.values((await swarm.state()).instances);
  // Both have said themselves that they are at work.
  await eventually(async () =>
    (await instancesOf()).every(({ state }) => state.kind === 'working' && state.source === 'hook'),
  );
  swarm.tmux('kill-server');
  await eventually(async () =>
    Object.values((await swarm.state()).instances).every((one) => one.state.kind === 'lost'),
  );
  const state = await swarm.state();
  // What was at work is kept for those who were at it, until a person says so. The others wait for somebody to do them.
  expect(Object.values(state.tasks).map((task) => task.state)).toEqual([
    ...['running', 'running'],
    ...['open', 'open', 'open', 'open'],
  ]);
  expect(state.alerts['server']).toMatchObject({ suggestion: 'resume all instances' });
  expect(state.alerts['instance:rehearsal-1']).toMatchObject({
    text: expect.stringMatching(/^rehearsal-1 is lost: /u),
    suggestion: 'restart instance rehearsal-1',
  });
  expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 0 });
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('r-rehearsal-1');
  const own = state.instances['rehearsal-1']!.task_assignments[0]!;
  await eventually(async () => (await swarm.state()).tasks[own]?.run?.restarts === 1);
  expect(readFileSync(join(swarm.root, '.git', 'HEAD'), 'utf8')).toBe('ref: refs/heads/main\n');
});
