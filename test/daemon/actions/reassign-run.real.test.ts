import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { writeTrusted } from '../../helpers/trust.ts';
import { until } from '../until.ts';

const env = { DROVER_REHEARSAL_TASK_MS: '60' };
const COMMIT = 'git -c user.name=e -c user.email=e@example.invalid commit -q -m "by echo"';
const ECHO = ['sh', '-c', `echo "$1" > out.txt && git add out.txt && ${COMMIT}`, 'sh', '{prompt}'];

test('a task whose agent has used up its limit for an hour is done by another program, and the agent waits on', async () => {
  const agents = { echo: { command: ECHO, prompt: 'argument' } };
  const settings = { agent: 'rehearsal', agents, timeouts: { limit_ms: 3_600_000 } };
  await using swarm = await openSwarm({ env, settings });
  await swarm.say('create task "Long" description="rehearse: hang" id=t1');
  await swarm.say('run task t1');
  const { instances } = await until(swarm, ({ tasks }) => (tasks['t1']?.run?.progress ?? 0) > 0);
  writeFileSync(`${instances['rehearsal-1']!.workspace_path}/half.txt`, 'half\n');
  const token = readFileSync(`${swarm.paths.instances}/rehearsal-1/token`, 'utf8');
  const header = JSON.stringify({ instance: 'rehearsal-1', source: 'hook', token });
  const body = JSON.stringify({ hook_event_name: 'StopFailure', error: 'rate_limit', last_assistant_message: 'no' });
  writeFileSync(`${swarm.paths.spool}/rehearsal-1/1.tmp`, `${header}\n${body}\n`);
  renameSync(`${swarm.paths.spool}/rehearsal-1/1.tmp`, `${swarm.paths.spool}/rehearsal-1/1.json`);
  await until(swarm, (state) => state.instances['rehearsal-1']!.state.kind === 'limited');
  expect((await swarm.state()).tasks['t1']!.state).toBe('running');
  await swarm.say('launch 1 instance agent=echo');
  const { tasks } = await until(swarm, (state) => state.tasks['t1']!.state === 'done');
  expect(tasks['t1']!.history).toMatchObject([{ instance: 'rehearsal-1', failure: { class: 'limited' } }]);
  expect(swarm.git('show', `${tasks['t1']!.run!.branch}:half.txt`)).toBe('half');
  await expect.poll(() => swarm.tmux('capture-pane', '-p', '-t', '=r-rehearsal-1:')).toContain('interrupted');
  expect((await swarm.state()).instances['rehearsal-1']!.state.kind).toBe('limited');
});

test('an agent that a person has quit is not started again, and its work waits for their word', async () => {
  await using swarm = await openSwarm({ env });
  await swarm.say('create task "Long" description="rehearse: ask Go on?" id=t1');
  await swarm.say('run task t1');
  const { instances } = await until(swarm, (state) => state.instances['rehearsal-1']?.state.kind === 'waiting');
  swarm.tmux('send-keys', '-t', instances['rehearsal-1']!.pane!, 'C-d');
  const { tasks, alerts } = await until(swarm, (state) => state.instances['rehearsal-1']!.state.kind === 'stopped');
  expect(tasks['t1']).toMatchObject({ state: 'failed', run: { failure: { class: 'stopped' } } });
  expect(Object.values(alerts).map(({ suggestion }) => suggestion)).toContain('retry task t1');
});

test('[REC-3] how often a program has failed is known after a restart of the daemon, and its next try comes', async () => {
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', recovery: { backoff_ms: 1500 } } });
  await swarm.say('launch 1 instance');
  await swarm.say('create task "Shaky" description="rehearse: crash 1" id=t1');
  await swarm.say('run task t1');
  const before = await until(swarm, (state) => state.instances['rehearsal-1']!.recovery !== null);
  await swarm.reopen();
  expect((await swarm.state()).instances['rehearsal-1']!.recovery).toMatchObject({ tries: 1, class: 'crash' });
  const { tasks, instances } = await until(swarm, (state) => state.tasks['t1']!.state === 'done');
  expect(tasks['t1']).toMatchObject({ attempts: 1, run: { restarts: 1 } });
  expect(instances['rehearsal-1']!.conversation).toBe(before.instances['rehearsal-1']!.conversation);
});

test('[REC-3] an agent whose program is gone meanwhile is given up at once, and says why', async () => {
  // There is time to do something before its next try.
  const recovery = { backoff_ms: 2000 };
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', recovery } });
  await swarm.say('create task "Shaky" description="rehearse: crash" id=t1');
  await swarm.say('run task t1');
  await until(swarm, (state) => state.instances['rehearsal-1']?.recovery?.next === 'restart');
  const agents = { rehearsal: { command: ['no-such-program'] } };
  writeTrusted(swarm.paths.config, swarm.env, { agent: 'rehearsal', recovery, agents });
  const { tasks, alerts } = await until(swarm, (state) => state.tasks['t1']!.state === 'failed');
  expect(tasks['t1']!.run!.failure).toEqual({
    class: 'no-program',
    message: 'the program of rehearsal-1 cannot be run',
  });
  expect(alerts['instance:rehearsal-1']).toMatchObject({
    severity: 'error',
    text: expect.stringContaining('t1 is taken'),
  });
});

test('an agent whose session cannot be made again is tried again, and given up as any other', async () => {
  // There is time to do something before its next try.
  const recovery = { backoff_ms: 2000, tries: 2 };
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', recovery } });
  await swarm.say('create task "Shaky" description="rehearse: crash" id=t1');
  await swarm.say('run task t1');
  await until(swarm, (state) => state.instances['rehearsal-1']?.recovery?.next === 'restart');
  // Somebody takes its name.
  swarm.tmux(
    'new-session',
    '-d',
    '-s',
    'mine',
    ';',
    'kill-session',
    '-t',
    '=r-rehearsal-1',
    ';',
    'rename-session',
    '-t',
    '=mine',
    'r-rehearsal-1',
  );
  const { tasks, alerts } = await until(swarm, (state) => state.tasks['t1']!.state === 'failed');
  expect(tasks['t1']!.run!.failure).toMatchObject({
    class: 'drover',
    message: expect.stringContaining('exists already'),
  });
  expect(alerts['instance:rehearsal-1']!.text).toMatch(/^rehearsal-1 could not go on: a tmux session named/u);
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('r-rehearsal-1');
});
