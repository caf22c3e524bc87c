import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

const env = { DROVER_REHEARSAL_TASK_MS: '60' };

test('[REC-3] a program that crashes twice is started again each time, and its task gets done in one run', async () => {
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', recovery: { backoff_ms: 50 } } });
  await swarm.say('launch 1 instance');
  await swarm.say('create task "Shaky" description="rehearse: crash 2" id=t1');
  expect((await swarm.say('run task t1 wait=true')).exit).toBe(0);
  const { tasks, instances, alerts } = await swarm.state();
  expect(tasks['t1']).toMatchObject({ attempts: 1, history: [], run: { instance: 'rehearsal-1', restarts: 2 } });
  expect(instances['rehearsal-1']).toMatchObject({ restarts: 2, recovery: null });
  expect(alerts).toEqual({});
  const { text } = await swarm.say('show instance rehearsal-1');
  expect(text).toContain('started again 2 times in all');
  expect(text.match(/failed +terminal +ended with 1/gu)).toHaveLength(2);
  expect(text).toContain('told to go on with t1');
  await expect.poll(async () => (await swarm.say('show log rehearsal-1')).text).toContain('resumed conversation');
});

const COMMIT = 'git -c user.name=e -c user.email=e@example.invalid commit -q -m "by echo"';
const ECHO = ['sh', '-c', `echo "$1" > out.txt && git add out.txt && ${COMMIT}`, 'sh', '{prompt}'];

test('[REC-3] a task at which a program crashed three times goes to another agent with all that was done', async () => {
  const recovery = { backoff_ms: 500 };
  const agents = { echo: { command: ECHO, prompt: 'argument' } };
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', recovery, agents } });
  await swarm.say('launch 1 instance');
  await swarm.say('create task "Shaky" description="rehearse: crash" id=t1');
  await swarm.say('run task t1');
  const crashed = await until(swarm, ({ alerts }) => alerts['instance:rehearsal-1'] !== undefined);
  expect(crashed.alerts['instance:rehearsal-1']).toMatchObject({
    severity: 'info',
    text: expect.stringMatching(
      /^rehearsal-1 crashed: its program ended with 1; it failed at t1, 1 of 3, and is started again by itself at 20/u,
    ),
  });
  expect(crashed.tasks['t1']!.state).toBe('running');
  expect((await swarm.say('show instance rehearsal-1')).text).toMatch(
    /recovery: +t1 failed 1 of 3 times, last by crash \(rehearsal-1 ended with 1\): (?:is started again|goes on)/u,
  );
  writeFileSync(`${crashed.instances['rehearsal-1']!.workspace_path}/half.txt`, 'half\n');
  await swarm.say('create task "Undisturbed" id=t2 description="rehearse: slow"');
  await swarm.say('launch 2 instances');
  await swarm.say('run task t2');
  await swarm.say('launch 1 instance agent=echo');
  const { tasks, instances, alerts } = await until(
    swarm,
    (state) => state.tasks['t1']!.state === 'done' && state.tasks['t2']!.state === 'done',
  );
  const [first] = tasks['t1']!.history;
  expect([tasks['t1']!.attempts, first]).toMatchObject([
    2,
    { instance: 'rehearsal-1', restarts: 2, failure: { class: 'crash', message: 'rehearsal-1 ended with 1' } },
  ]);
  expect(tasks['t1']!.run).toMatchObject({ instance: 'echo-1', failure: null });
  expect(swarm.git('show', `${tasks['t1']!.run!.branch}:half.txt`)).toBe('half');
  expect(tasks['t2']).toMatchObject({ attempts: 1, run: { restarts: 0 } });
  const brief = readFileSync(`${swarm.paths.instances}/echo-1/task-t1.md`, 'utf8');
  expect(brief).toContain('rehearsal-1 was at this task before you');
  expect(brief).toMatch(/- [0-9a-f]{10} WIP of rehearsal-1 on t1/u);
  expect(brief).toContain('- half.txt +1 -0');
  expect(brief).toContain('> Error: rehearsed crash');
  expect(instances['rehearsal-1']!.state.kind).toBe('failed');
  expect(alerts['instance:rehearsal-1']).toMatchObject({
    severity: 'error',
    text: expect.stringContaining('it failed at t1, 3 of 3, and is given up'),
    suggestion: 'restart instance rehearsal-1',
  });
  expect(Object.keys(alerts)).toEqual(['instance:rehearsal-1']);
});

test('[REC-3] a program that hangs is ended and started again, and its task gets done', async () => {
  const settings = { agent: 'rehearsal', recovery: { backoff_ms: 50 }, timeouts: { idle_ms: 5000 } };
  await using swarm = await openSwarm({ env, settings });
  await swarm.say('create task "Freeze" description="rehearse: hang 1" id=t1');
  await swarm.say('run task t1');
  const { tasks } = await until(swarm, (state) => state.tasks['t1']!.state === 'done');
  expect(tasks['t1']).toMatchObject({ attempts: 1, run: { restarts: 1 } });
  expect((await swarm.say('show instance rehearsal-1')).text).toMatch(/stuck +drover +hang: no output/u);
});

test('a task at which several agents crash waits for a person, and the swarm is not lost to it', async () => {
  const recovery = { backoff_ms: 20, tries: 2 };
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', recovery } });
  await swarm.say('launch 3 instances');
  await swarm.say('create task "Poison" description="rehearse: crash" id=t1');
  expect((await swarm.say('run task t1 wait=true')).exit).toBe(1);
  const { tasks, instances, alerts } = await swarm.state();
  expect(tasks['t1']).toMatchObject({ state: 'failed', attempts: 2, run: { failure: { class: 'crash' } } });
  const states = Object.values(instances).map((one) => one.state.kind);
  expect(states.toSorted()).toEqual(['failed', 'failed', 'idle']);
  expect(alerts['failed:t1']).toMatchObject({ severity: 'error', suggestion: 'retry task t1' });
});

test('what a person gave to one instance is not taken from it when its program is given up', async () => {
  const recovery = { backoff_ms: 20, tries: 2 };
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', recovery } });
  await swarm.say('launch 2 instances');
  await swarm.say('create task "Pinned" description="rehearse: crash" id=t1');
  await swarm.say('run task t1 on=rehearsal-2');
  const { tasks } = await until(swarm, (state) => state.tasks['t1']!.state === 'failed');
  expect(tasks['t1']!.run).toMatchObject({ instance: 'rehearsal-2', restarts: 1 });
});
