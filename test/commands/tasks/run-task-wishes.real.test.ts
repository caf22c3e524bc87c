import { expect, test } from 'vitest';
import type { State } from '../../../src/state/index.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { BEAST, eventsOf, hang, instanceNamed, QUICK, startsOf, taskIs, until } from '../stage.ts';

test('a task that wants a new conversation gets one, once, and the next task goes on in it', async () => {
  await using swarm = await openSwarm({ env: QUICK });
  await swarm.say('launch 1 instance');
  for (const id of ['ant', 'bee', 'cat']) await swarm.say(`create task "${id}" id=${id}`);
  await swarm.say('run task ant wait=true');
  const first = (await instanceNamed(swarm)).conversation;
  await swarm.say('run task bee fresh wait=true');
  const second = (await instanceNamed(swarm)).conversation;
  await swarm.say('run task cat wait=true');
  expect(second).not.toBe(first);
  expect(await instanceNamed(swarm)).toMatchObject({ conversation: second, prepared_for: null, mode: null });
  expect(await startsOf(swarm)).toBe(2);
  const again = 'run task bee fresh wait=true';
  expect((await swarm.say(again)).exit).toBe(6);
  await swarm.say('retry task bee');
  await taskIs(swarm, 'bee', 'done');
  await until(swarm, (state) => state.tasks['bee']!.attempts === 2 && state.tasks['bee']!.state === 'done');
  expect((await instanceNamed(swarm)).conversation).not.toBe(second);
});

const order = (state: State, ids: readonly string[]): string[] =>
  ids.toSorted((a, b) => (state.tasks[a]!.run!.started_at < state.tasks[b]!.run!.started_at ? -1 : 1));

test('sequential tasks are done one after the other in the order of the plan, by one instance', async () => {
  await using swarm = await openSwarm({ env: QUICK });
  await swarm.say('launch 3 instances');
  const ids = ['3', '1', '2'];
  for (const id of ids) await swarm.say(`create task "Task ${id}" id=${id}`);
  const reply = await swarm.say('run tasks 3, 1, 2 sequential wait');
  expect([reply.exit, reply.message]).toEqual([0, '3 tasks done.']);
  const state = await swarm.state();
  const runs = ids.toSorted().map((id) => state.tasks[id]!.run!);
  expect(new Set(runs.map((run) => run.instance)).size).toBe(1);
  expect(order(state, ids)).toEqual(['1', '2', '3']);
  for (const [i, run] of runs.entries()) if (i > 0) expect(run.started_at >= runs[i - 1]!.ended_at!).toBe(true);
  expect((await eventsOf(swarm, 'task.assigned')).map(({ data }) => data['reason'])).toEqual([
    'one after the other, 1 of 3',
    'one after the other, 2 of 3',
    'one after the other, 3 of 3',
  ]);
});

test('sequential tasks with nobody there get one instance in their mode', async () => {
  await using swarm = await openSwarm({ settings: BEAST, env: QUICK });
  for (const id of ['1', '2']) await swarm.say(`create task "Task ${id}" id=${id}`);
  const reply = await swarm.say('run all tasks sequential beast-mode');
  expect(reply.message).toBe('1 task starts, 1 queued in beast mode, one after the other; launched rehearsal-1.');
  const state = await until(swarm, (now) => Object.values(now.tasks).every((task) => task.state === 'done'));
  expect(Object.keys(state.instances)).toEqual(['rehearsal-1']);
  expect(await startsOf(swarm)).toBe(1);
});

test('tasks for a group or an agent are done by such instances only, and one is launched where there is none', async () => {
  const echo = {
    command: ['sh', '-c', 'echo "$1"; echo hi > "$DROVER_INSTANCE" && git add -A && git commit -qm "$1"', 'sh'],
  };
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', agents: { echo: { ...echo, prompt: 'argument', env: GIT_ENV } } },
    env: QUICK,
  });
  await swarm.say('launch 1 instance');
  await swarm.say('create group backend');
  for (const id of ['1', '2', '3', '4']) await swarm.say(`create task "Task ${id}" id=${id}`);
  const grouped = await swarm.say('run tasks 1, 2 group=backend');
  expect(grouped.message).toContain('launched rehearsal-2');
  await until(swarm, (now) => now.tasks['1']!.state === 'done' && now.tasks['2']!.state === 'done');
  const other = await swarm.say('run tasks 3, 4 agent=echo');
  expect(other.message).toContain('launched echo-1');
  const state = await until(swarm, (now) => now.tasks['3']!.state === 'done' && now.tasks['4']!.state === 'done');
  expect(['1', '2', '3', '4'].map((id) => state.tasks[id]!.run!.instance)).toEqual([
    ...['rehearsal-2', 'rehearsal-2'],
    ...['echo-1', 'echo-1'],
  ]);
  expect(state.instances['rehearsal-2']!.group).toBe('backend');
  await swarm.say('create task "Task 5" id=5');
  const wrong = await swarm.say('run task 5 on=echo-1 agent=rehearsal');
  expect([wrong.exit, wrong.message]).toEqual([2, 'run task: agent: echo-1 runs echo; leave out either.']);
  expect((await swarm.say('run task 5 on=echo-1 group=backend')).message).toContain('belongs to no group');
});

const GIT_ENV = {
  GIT_AUTHOR_NAME: 'echo',
  GIT_AUTHOR_EMAIL: 'e@example.org',
  GIT_COMMITTER_NAME: 'echo',
  GIT_COMMITTER_EMAIL: 'e@example.org',
};

test('what is said with a new request replaces what was said before, and what already waits keeps the rest', async () => {
  await using swarm = await openSwarm({ settings: BEAST });
  await swarm.say(hang('h'));
  await swarm.say('create task "Abc" id=abc');
  await swarm.say('run task h');
  await taskIs(swarm, 'h', 'running');
  await swarm.say('run task abc tdd-mode fresh');
  await swarm.say('run task abc');
  expect((await swarm.state()).tasks['abc']).toMatchObject({ requested: true, mode: 'tdd', fresh: true });
  await swarm.say('run task abc mode=beast');
  expect((await swarm.state()).tasks['abc']).toMatchObject({ mode: 'beast', fresh: true });
});
