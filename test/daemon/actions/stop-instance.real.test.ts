import { execFileSync } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { whileBusy } from '../../helpers/busy.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

const quick = { DROVER_REHEARSAL_TASK_MS: '20' };

/** A task that is at work until somebody ends it, on the first instance. */
const hanging = async (swarm: Swarm, id = 't1') => {
  await swarm.say(`create task "Long rehearse: hang" id=${id}`);
  await swarm.say(`run task ${id}`);
  const state = await until(swarm, ({ tasks }) => (tasks[id]?.run?.progress ?? 0) > 0);
  return { state, instance: state.instances[state.tasks[id]!.run!.instance]! };
};

/** It ignores every key, and says so when it does. */
const DEAF = ['sh', '-c', 'trap "" INT; stty raw; echo deaf; while :; do sleep 1; done'];

const status = (folder: string) =>
  execFileSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' }).trim();

test('[INS-4] a graceful stop lets the agent leave and keeps its work in progress as a commit', async () => {
  await using swarm = await openSwarm({ env: quick });
  const { instance, state } = await hanging(swarm);
  writeFileSync(join(instance.workspace_path, 'half.txt'), 'half\n');
  expect((await swarm.propose('stop instance rehearsal-1 graceful')).exit).toBe(5);
  const reply = await swarm.say('stop instance rehearsal-1 graceful');
  expect([reply.exit, reply.message]).toEqual([0, 'Stopped 1 instance: rehearsal-1.']);
  const after = await swarm.state();
  expect(after.instances['rehearsal-1']).toMatchObject({ state: { kind: 'stopped' }, task_assignments: [] });
  expect(after.instances['rehearsal-1']!.state.evidence).toMatch(/saved as [0-9a-f]{10}$/u);
  const { branch } = state.tasks['t1']!.run!;
  expect(swarm.git('log', '-1', '--format=%s', branch)).toBe('WIP of rehearsal-1');
  expect([status(instance.workspace_path), swarm.git('show', `${branch}:half.txt`)]).toEqual(['', 'half']);
  expect(swarm.tmux('list-sessions')).toBe('');
  // The run is over and told so; the task is asked for still, so that the next free instance takes it.
  expect(after.tasks['t1']).toMatchObject({ state: 'open', requested: false, assignee: null, run: null });
  expect(after.tasks['t1']!.history[0]!.failure).toEqual({ class: 'stopped', message: 'rehearsal-1 was stopped' });
  expect(after.alerts).toEqual({});
});

test.each([
  ['stop', 'index.lock'],
  ['remove', 'index.lock'],
  ['stop', 'the lock of its branch'],
])('a lock that nobody holds any more keeps no instance from being ended: %s, %s', async (verb, name) => {
  await using swarm = await openSwarm({ env: quick });
  const { instance, state } = await hanging(swarm);
  const { workspace_path: place } = instance;
  writeFileSync(join(place, 'half.txt'), 'half\n');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: place, encoding: 'utf8' }).trim();
  const path = name === 'index.lock' ? name : `refs/heads/${state.tasks['t1']!.run!.branch}.lock`;
  const lock = git('rev-parse', '--path-format=absolute', '--git-path', path);
  writeFileSync(lock, '');
  utimesSync(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  expect(await swarm.say(`${verb} instance rehearsal-1`)).toMatchObject({ exit: 0 });
  expect(swarm.git('show', `${state.tasks['t1']!.run!.branch}:half.txt`)).toBe('half');
  expect(swarm.log.join('\n')).toContain('removed a lock that was left behind in the way of rehearsal-1');
  expect((await swarm.state()).instances['rehearsal-1']?.state.kind).toBe(verb === 'stop' ? 'stopped' : undefined);
});

test('[INS-4] a forced stop takes no two seconds and leaves the files as they are', async () => {
  await using swarm = await openSwarm({ env: quick });
  const { instance } = await hanging(swarm);
  writeFileSync(join(instance.workspace_path, 'half.txt'), 'half\n');
  const reply = await swarm.say('stop instance rehearsal-1 force');
  expect([reply.exit, reply.elapsedMs < whileBusy(2000)]).toEqual([0, true]);
  expect(status(instance.workspace_path)).toBe('?? half.txt');
  const { instances } = await swarm.state();
  expect(instances['rehearsal-1']!.state).toMatchObject({ kind: 'stopped', evidence: 'stopped by force' });
});

test('[INS-4] an agent is reached and ended whose session a person has renamed', async () => {
  await using swarm = await openSwarm({ env: quick });
  const { instance } = await hanging(swarm);
  swarm.tmux('rename-session', '-t', `=${instance.session}`, 'mine');
  expect((await swarm.say('attach rehearsal-1')).message).toBe('tmux attach -t =mine');
  expect((await swarm.say('stop instance rehearsal-1 force')).message).toBe('Stopped 1 instance: rehearsal-1.');
  expect(swarm.tmux('list-sessions')).toBe('');
  expect((await swarm.say('restart instance rehearsal-1')).exit).toBe(0);
  await until(swarm, ({ instances }) => instances['rehearsal-1']!.state.kind === 'idle');
  expect(swarm.tmux('list-sessions', '-F', '#S')).toBe(instance.session);
});

test('[INS-4] an agent that does not listen is ended when its time is up', async () => {
  const settings = {
    agent: 'deaf',
    agents: { deaf: { command: DEAF, ready: '^deaf' } },
    timeouts: { stop_ms: 300 },
  };
  await using swarm = await openSwarm({ settings });
  expect((await swarm.say('launch 1 instances')).exit).toBe(0);
  const reply = await swarm.say('stop instance deaf-1');
  expect(reply.exit).toBe(0);
  expect(reply.elapsedMs).toBeGreaterThan(250);
  expect(swarm.tmux('list-sessions')).toBe('');
});

test('[INS-9] down leaves no session and no process, worktrees are clean, and the store says stopped', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 2 instances');
  const { instance } = await hanging(swarm);
  writeFileSync(join(instance.workspace_path, 'half.txt'), 'half\n');
  const pids = swarm.tmux('list-panes', '-a', '-F', '#{pane_pid}').split('\n');
  const reply = await swarm.say('stop swarm');
  expect([reply.exit, reply.message]).toEqual([
    0,
    'Stopped 2 instances: rehearsal-1, rehearsal-2. The daemon ends as well.',
  ]);
  await swarm.close();
  expect(existsSync(swarm.paths.socket)).toBe(false);
  expect(swarm.tmux('list-sessions')).toBe('');
  const isAlive = (pid: string): boolean => {
    try {
      return process.kill(Number(pid), 0);
    } catch {
      return false;
    }
  };
  // A program that was hung up takes a moment to be gone from the table of processes.
  await vi.waitUntil(() => !pids.some(isAlive));
  await swarm.reopen();
  const { instances } = await swarm.state();
  expect(Object.values(instances).map((one) => [one.state.kind, status(one.workspace_path)])).toEqual([
    ['stopped', ''],
    ['stopped', ''],
  ]);
});

test('a removed instance takes its worktree along, and its last commit stays in the archive', async () => {
  await using swarm = await openSwarm({ env: quick });
  const { instance } = await hanging(swarm);
  writeFileSync(join(instance.workspace_path, 'half.txt'), 'half\n');
  expect((await swarm.say('remove instance rehearsal-1')).exit).toBe(0);
  expect(existsSync(instance.workspace_path)).toBe(false);
  expect((await swarm.state()).instances).toEqual({});
  const [archived] = swarm.git('for-each-ref', '--format=%(refname)', 'refs/drover/archive').split('\n');
  expect(swarm.git('show', `${archived}:half.txt`)).toBe('half');
});

test('stopping a task interrupts its agent, which takes the next one and is not confused by the old one', async () => {
  await using swarm = await openSwarm({ env: quick });
  const { instance } = await hanging(swarm);
  await swarm.say('create task "Next" id=t2');
  await swarm.say('run task t2');
  const reply = await swarm.say('stop task t1');
  expect([reply.exit, reply.message]).toEqual([0, 'Stopped t1.']);
  const state = await until(swarm, ({ tasks }) => ['done', 'failed'].includes(tasks['t2']!.state));
  expect(state.tasks['t2']).toMatchObject({ state: 'done', run: { instance: instance.instance_id, attempt: 1 } });
  expect(state.tasks['t1']).toMatchObject({ state: 'open', requested: false });
  expect(state.tasks['t1']!.history[0]!.failure?.class).toBe('stopped');
  await expect.poll(async () => (await swarm.say('show log rehearsal-1')).text).toContain('interrupted');
});

test('a task that is at work moves to another instance and the first one is free', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 2 instances');
  await swarm.say('create task "Ask first rehearse: ask Really?" id=t1');
  await swarm.say('run task t1 on=rehearsal-1');
  await until(swarm, ({ instances }) => instances['rehearsal-1']!.state.kind === 'waiting');
  expect((await swarm.say('reassign task t1 to=rehearsal-2')).exit).toBe(0);
  const state = await until(swarm, ({ instances }) => instances['rehearsal-2']!.state.kind === 'waiting');
  expect(state.tasks['t1']!.run).toMatchObject({ instance: 'rehearsal-2', attempt: 2 });
  await until(swarm, ({ instances }) => instances['rehearsal-1']!.state.kind === 'idle');
  expect((await swarm.say('answer rehearsal-2 "yes"')).exit).toBe(0);
  const done = await until(swarm, ({ tasks }) => tasks['t1']!.state === 'done');
  expect(swarm.git('show', `${done.tasks['t1']!.run!.branch}:rehearsal/t1.md`)).toContain('- answer: yes');
});

test('a check is ended at once when its task is stopped, and no verdict follows', async () => {
  await using swarm = await openSwarm({ env: quick });
  const pidFile = join(swarm.root, '..', 'check.pid');
  await swarm.say(
    `create task "Slow check" id=t1 check="test -n \\"$DROVER_INSTANCE\\" || { echo $$ > ${pidFile}; exec sleep 60; }"`,
  );
  await swarm.say('run task t1');
  await until(swarm, ({ tasks }) => tasks['t1']!.state === 'verifying' && existsSync(pidFile));
  expect((await swarm.say('stop task t1')).exit).toBe(0);
  const state = await until(swarm, ({ instances }) => instances['rehearsal-1']!.state.kind === 'idle');
  expect(state.tasks['t1']).toMatchObject({ state: 'open', run: null });
  await swarm.say('create task "Next" id=t2');
  expect((await swarm.say('run task t2 wait=true')).exit).toBe(0);
});

test('an instance that is stopped while its claim is verified is not waited for longer than its time', async () => {
  const settings = { agent: 'rehearsal', timeouts: { stop_ms: 60_000 } };
  await using swarm = await openSwarm({ env: quick, settings });
  const done = join(swarm.root, '..', 'checked');
  await swarm.say(`create task "Quick check" id=t1 check="test -n \\"$DROVER_INSTANCE\\" || sleep 4; touch ${done}"`);
  await swarm.say('run task t1');
  await until(swarm, ({ tasks }) => tasks['t1']!.state === 'verifying');
  await swarm.say('stop instance rehearsal-1');
  expect((await swarm.state()).tasks['t1']).toMatchObject({ state: 'done', run: { failure: null } });
  expect(await swarm.say('set config timeouts.stop_ms 500')).toMatchObject({ exit: 0 });
  await swarm.say('restart instance rehearsal-1');
  await swarm.say('create task "Slow check" id=t2 check="test -n \\"$DROVER_INSTANCE\\" || exec sleep 60"');
  await swarm.say('run task t2');
  await until(swarm, ({ tasks }) => tasks['t2']!.state === 'verifying');
  const reply = await swarm.say('stop instance rehearsal-1');
  expect(reply.exit).toBe(0);
  const state = await swarm.state();
  expect(state.instances['rehearsal-1']!.state.kind).toBe('stopped');
  expect(state.tasks['t2']).toMatchObject({ state: 'open', requested: false });
});

test('[INS-4] an instance that is started again while it is removed is there afterwards, or told not to be', async () => {
  // It does not leave by itself, so that there is time to say something meanwhile.
  const agents = { deaf: { command: DEAF, ready: '^deaf' } };
  await using swarm = await openSwarm({ settings: { agent: 'deaf', agents, timeouts: { stop_ms: 10_000 } } });
  await swarm.say('launch 1 instances');
  const removed = swarm.say('remove instance deaf-1');
  await until(swarm, ({ instances }) => instances['deaf-1']?.state.kind === 'stopping');
  const [started, gone] = await Promise.all([swarm.say('restart instance deaf-1'), removed]);
  expect(started).toMatchObject({ exit: 0, message: 'Restarted 1 instance: deaf-1 (azure).' });
  expect(gone).toMatchObject({ exit: 1, message: expect.stringContaining('Not removed: deaf-1') });
  const { instances } = await swarm.state();
  expect(instances['deaf-1']!.state.kind).toBe('idle');
  expect(swarm.tmux('list-sessions', '-F', '#S')).toBe(instances['deaf-1']!.session);
  expect(existsSync(instances['deaf-1']!.workspace_path)).toBe(true);
});
