import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

/** Nothing is started again by itself. */
const alone = { agent: 'rehearsal', recovery: { tries: 0 } };
const quick = { DROVER_REHEARSAL_TASK_MS: '20' };

/** The agent itself: the child of the process that tmux started. */
const agentPid = (swarm: Swarm, session: string): number => {
  const pane = swarm.tmux('list-panes', '-t', `=${session}:`, '-F', '#{pane_pid}');
  const children = (parent: string) =>
    execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/u))
      .find(([ppid]) => ppid === parent)?.[1];
  return Number(children(pane) ?? pane);
};

const hanging = async (swarm: Swarm, id = 't1') => {
  await swarm.say(`create task "Long rehearse: hang" id=${id}`);
  await swarm.say(`run task ${id}`);
  const state = await until(swarm, ({ tasks }) => (tasks[id]?.run?.progress ?? 0) > 0);
  return state.instances[state.tasks[id]!.run!.instance]!;
};

test('[MON-2] [REC-1] a killed agent is a crash, and the next look at the swarm says what helps', async () => {
  await using swarm = await openSwarm({ env: quick });
  const { session } = await hanging(swarm);
  process.kill(agentPid(swarm, session), 'SIGKILL');
  const state = await until(swarm, ({ instances }) => instances['rehearsal-1']!.state.kind === 'failed');
  expect(state.instances['rehearsal-1']).toMatchObject({ exit: { code: null, signal: 'SIGKILL' } });
  expect(state.instances['rehearsal-1']!.recovery).toMatchObject({ class: 'crash', tries: 1, next: 'restart' });
  expect(state.tasks['t1']!.state).toBe('running');
  expect(state.alerts['instance:rehearsal-1']).toMatchObject({
    severity: 'info',
    text: expect.stringMatching(/^rehearsal-1 crashed: its program ended by SIGKILL; it failed at t1, 1 of 3, and is/u),
    suggestion: 'restart instance rehearsal-1',
  });
  const health = await swarm.say('status swarm health');
  expect(health.text).toContain('1 failed');
  expect(health.text).toContain('is started again by itself in ');
  // It needs nobody: it is started again by itself.
  expect(health.text).toContain('→ show instance rehearsal-1');
});

test('a failed instance that is started again keeps worktree, branch and colour, and takes tasks', async () => {
  await using swarm = await openSwarm({ env: quick, settings: alone });
  const before = await hanging(swarm);
  process.kill(agentPid(swarm, before.session), 'SIGKILL');
  await until(swarm, ({ instances }) => instances['rehearsal-1']!.state.kind === 'failed');
  const reply = await swarm.say('restart instance rehearsal-1');
  expect([reply.exit, reply.message]).toEqual([0, 'Restarted 1 instance: rehearsal-1 (azure).']);
  const { instances, alerts } = await swarm.state();
  const kept = ({ workspace_path, branch_name, peacock_theme, session }: typeof before) => [
    workspace_path,
    branch_name,
    peacock_theme,
    session,
  ];
  expect(kept(instances['rehearsal-1']!)).toEqual(kept(before));
  expect(alerts['instance:rehearsal-1']).toBeUndefined();
  await swarm.say('create task "Next" id=t2');
  expect((await swarm.say('run task t2 wait=true')).exit).toBe(0);
});

test('a busy instance that is started again goes on with its run, asks again, and gets it done', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('create task "Ask rehearse: ask Go on?" id=t1');
  await swarm.say('run task t1');
  await until(swarm, ({ instances }) => instances['rehearsal-1']?.state.kind === 'waiting');
  expect((await swarm.say('restart instance rehearsal-1')).exit).toBe(0);
  const state = await until(swarm, ({ tasks }) => tasks['t1']!.run?.restarts === 1);
  expect(state.tasks['t1']).toMatchObject({ state: 'running', attempts: 1, history: [] });
  await until(swarm, ({ instances }) => instances['rehearsal-1']!.state.kind === 'waiting');
  await swarm.say('answer rehearsal-1 "yes"');
  const { tasks } = await until(swarm, (now) => now.tasks['t1']!.state === 'done');
  expect(tasks['t1']).toMatchObject({ attempts: 1, run: { instance: 'rehearsal-1', restarts: 1 } });
});

test('[REC-1] an agent without a sign of life hangs at the time-out, and is at work again when it goes on', async () => {
  const settings = { agent: 'rehearsal', recovery: { backoff_ms: 60_000 }, timeouts: { idle_ms: 6000 } };
  const files = { 'quiet.sh': 'until [ -e "$1" ]; do sleep 0.05; done\n' };
  await using swarm = await openSwarm({ env: quick, settings, files });
  const go = join(swarm.root, '..', 'go');
  await swarm.say(`create task "Wait" id=t1 check="sh quiet.sh ${go}"`);
  await swarm.say('run task t1');
  const stuck = await until(swarm, ({ instances }) => instances['rehearsal-1']!.state.kind === 'stuck');
  expect(stuck.instances['rehearsal-1']!.state.evidence).toBe('hang: no output');
  expect(stuck.alerts['stuck:rehearsal-1']).toMatchObject({
    severity: 'info',
    text: expect.stringMatching(
      /^rehearsal-1 hangs: at work without a sign of life for 6s; it failed at t1, 1 of 3, and is started again/u,
    ),
    suggestion: 'restart instance rehearsal-1',
  });
  writeFileSync(go, '');
  const alive = await until(swarm, ({ tasks }) => tasks['t1']!.state === 'done');
  expect(alive.tasks['t1']).toMatchObject({ attempts: 1, run: { restarts: 0 } });
  expect([alive.alerts, alive.instances['rehearsal-1']!.recovery]).toEqual([{}, null]);
});

test('an agent that never gets ready has failed when its time is up', async () => {
  const settings = {
    agent: 'rehearsal',
    agents: { rehearsal: { command: ['sh', '-c', 'sleep 600'] } },
    timeouts: { start_ms: 300 },
  };
  await using swarm = await openSwarm({ settings });
  const reply = await swarm.say('launch 1 instances');
  expect(reply.exit).toBe(1);
  const { alerts } = await swarm.state();
  expect(alerts['instance:rehearsal-1']?.text).toBe('rehearsal-1 did not get ready within 0.3s');
});

test('[REC-1] a session that a person deleted is a lost one', async () => {
  await using swarm = await openSwarm({ env: quick });
  const { session } = await hanging(swarm);
  await swarm.say('launch 1 instance');
  swarm.tmux('kill-session', '-t', `=${session}`);
  const state = await until(swarm, ({ instances }) => instances['rehearsal-1']!.state.kind === 'lost');
  expect(state.instances['rehearsal-1']!.recovery).toMatchObject({
    class: 'session-lost',
    next: 'restart',
    task: 't1',
  });
  expect(state.alerts['server']).toBeUndefined();
  expect(state.alerts['instance:rehearsal-1']).toMatchObject({
    severity: 'info',
    text: expect.stringContaining(`rehearsal-1 is lost: its tmux session ${session} is gone; it failed at t1, 1 of 3`),
    suggestion: 'restart instance rehearsal-1',
  });
  // A person need not wait for that, and its run goes on.
  expect((await swarm.say('restart instance rehearsal-1')).exit).toBe(0);
  const on = await until(swarm, ({ tasks }) => tasks['t1']!.run?.restarts === 1);
  expect([on.tasks['t1']!.attempts, on.instances['rehearsal-1']!.recovery]).toMatchObject([
    1,
    { tries: 0, next: null },
  ]);
});

test('an instance whose worktree a person deleted gets it again, on its branch', async () => {
  await using swarm = await openSwarm({ env: quick });
  const { workspace_path, branch_name } = await hanging(swarm);
  await swarm.say('stop instance rehearsal-1 force');
  rmSync(workspace_path, { recursive: true });
  const reply = await swarm.say('restart instance rehearsal-1');
  expect(reply.exit).toBe(0);
  expect(readFileSync(join(workspace_path, '.git'), 'utf8')).toContain('gitdir');
  expect(swarm.git('-C', workspace_path, 'branch', '--show-current')).toBe(branch_name);
});

/** What must not change by a restart of the daemon. */
const facts = async (swarm: Swarm) => Object.values((await swarm.state()).instances);

test('[TMX-5] a restarted daemon adopts what lives: the same instances, the same processes, the same tasks', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 2 instances');
  await hanging(swarm);
  const before = await facts(swarm);
  const pids = swarm.tmux('list-panes', '-a', '-F', '#{session_name} #{pane_pid}');
  await swarm.reopen();
  expect(await facts(swarm)).toEqual(before);
  expect(swarm.tmux('list-panes', '-a', '-F', '#{session_name} #{pane_pid}')).toBe(pids);
  await swarm.say('create task "Other" id=t2');
  expect((await swarm.say('run task t2 wait=true')).exit).toBe(0);
});

test('[TMX-5] what agents said while no daemon ran is taken when one runs again', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '900' } });
  await swarm.say('create task "Meanwhile" id=t1');
  await swarm.say('run task t1');
  await until(swarm, ({ tasks }) => tasks['t1']!.state === 'running');
  await swarm.close();
  await expect.poll(() => swarm.tmux('capture-pane', '-p', '-t', '=r-rehearsal-1:')).toContain('is done');
  await swarm.reopen();
  const state = await until(swarm, ({ tasks }) => tasks['t1']!.state === 'done');
  expect(state.tasks['t1']).toMatchObject({
    attempts: 1,
    run: { summary: expect.stringContaining('Task t1 is done') },
  });
});

test('[TMX-5] a brief that was recorded and never typed is typed once, and one that was typed is not typed again', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 1 instances');
  const before = await facts(swarm);
  const { session } = before[0]!;
  // The terminal takes what is typed, and the agent does not hear it: nobody knows whether it arrived.
  await swarm.say('create task "Once" id=t1');
  process.kill(agentPid(swarm, session), 'SIGUSR2');
  await swarm.say('run task t1');
  await until(swarm, ({ tasks }) => tasks['t1']!.state === 'running');
  await expect.poll(() => swarm.tmux('show-options', '-p', '-v', '-t', `=${session}:`, '@drover_typed')).toBe('t1 1');
  await swarm.reopen();
  await swarm.reopen();
  await until(swarm, ({ tasks }) => tasks['t1']!.state === 'done');
  const printed = async () => (await swarm.say('show log rehearsal-1')).text;
  await expect.poll(printed).toContain('Task t1 is done');
  const typed = (await printed()).split('\n').filter((line) => line.includes('❯ Task t1: read'));
  expect(typed.filter((line) => line.startsWith('❯ Task t1: read'))).toHaveLength(1);
  expect((await swarm.state()).tasks['t1']!.attempts).toBe(1);

  // Now as if the daemon had died between the fact and the typing.
  const remember = (word: string) => swarm.tmux('set-option', '-p', '-t', `=${session}:`, '@drover_typed', word);
  remember('t2 1');
  await swarm.say('create task "Again" id=t2');
  await swarm.say('run task t2');
  await until(swarm, ({ tasks }) => tasks['t2']!.state === 'running');
  await swarm.close();
  remember('t1 1');
  await swarm.reopen();
  const state = await until(swarm, ({ tasks }) => tasks['t2']!.state === 'done');
  expect(state.tasks['t2']!.attempts).toBe(1);
  expect(swarm.git('rev-list', '--count', `main..${state.tasks['t2']!.run!.branch}`)).toBe('1');
});

test('a start that was cut off in its middle is made again, also when the agent had already spoken', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 1 instances');
  await swarm.close();
  // The journal as it stands before the session was recorded as started: its words are in the spool already.
  const state = await swarm.reopen().then(() => swarm.state());
  const token = readFileSync(join(swarm.paths.instances, 'rehearsal-1', 'token'), 'utf8');
  const message = (name: string, with_: string, body: object) => {
    const spool = join(swarm.paths.spool, 'rehearsal-1');
    mkdirSync(spool, { recursive: true });
    const header = JSON.stringify({ instance: 'rehearsal-1', source: 'hook', token: with_ });
    writeFileSync(join(spool, `${name}.tmp`), `${header}\n${JSON.stringify(body)}\n`);
    renameSync(join(spool, `${name}.tmp`), join(spool, `${name}.json`));
  };
  expect(state.instances['rehearsal-1']!.state.kind).toBe('idle');
  message('1', 'wrong', { hook_event_name: 'UserPromptSubmit' });
  message('2', token, { hook_event_name: 'Nonsense' });
  message('3', token, { hook_event_name: 'UserPromptSubmit' });
  await until(swarm, ({ instances }) => instances['rehearsal-1']!.state.kind === 'working');
  expect(swarm.log.join('\n')).toContain('a message with a wrong token for rehearsal-1 was ignored');
  // The words of the program before are not those of the new one.
  const restarted = swarm.say('restart instance rehearsal-1');
  message('4', token, { hook_event_name: 'UserPromptSubmit' });
  await restarted;
  const now = readFileSync(join(swarm.paths.instances, 'rehearsal-1', 'token'), 'utf8');
  expect(now).not.toBe(token);
  message('5', token, { hook_event_name: 'UserPromptSubmit' });
  await expect.poll(() => swarm.log.filter((line) => line.includes('wrong token')).length).toBeGreaterThanOrEqual(2);
  expect((await swarm.state()).instances['rehearsal-1']!.state.kind).toBe('idle');
});
