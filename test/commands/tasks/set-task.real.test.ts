import { expect, test } from 'vitest';
import type { Task } from '../../../src/state/tasks.ts';
import { runMain } from '../../helpers/io.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { history, shell } from '../stage.ts';

test('[TSK-1] whatever a plan says of a task can be edited, and taken away again', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant');
  await swarm.say('create task Two id=bee');
  const edited = await shell(swarm, [
    'tasks',
    'edit',
    'bee',
    '--dependencies',
    'ant',
    '--capabilities',
    'rust',
    '--estimate',
    '2h',
    '--json',
  ]);
  expect(JSON.parse(edited.stdout)).toMatchObject({
    dependencies: ['ant'],
    required_capabilities: ['rust'],
    estimated_duration: 7_200_000,
  });
  const all = await swarm.say('change task bee criteria="one; two" requirements=1.1,2 group=Web complexity=3');
  expect(all.data).toMatchObject({
    acceptance_criteria: ['one', 'two'],
    requirements: ['1.1', '2'],
    group: 'Web',
    complexity_score: 3,
  });
  const none = await swarm.say(
    'set task bee deps=none capabilities=none estimate=none criteria=none requirements=none group=none',
  );
  expect(none.data).toMatchObject({
    dependencies: [],
    required_capabilities: [],
    estimated_duration: null,
    acceptance_criteria: [],
    requirements: [],
    group: null,
  });
  const before = await history(swarm);
  const refused: [string, number, string][] = [
    ['set task bee deps=ant dependencies=ant', 2, 'deps and dependencies are the same'],
    ['set task bee estimate=soon', 2, 'say it like 90s, 30m or 2h'],
    ['set task bee estimate=5', 2, 'say it like 90s, 30m or 2h'],
    ['set task bee spec=nope', 3, 'There is no spec "nope".'],
    ['set task bee complexity=11', 2, 'complexity'],
    ['set task bee colour=red', 2, 'colour'],
    ['create task Three spec=nope', 3, 'There is no spec "nope".'],
  ];
  for (const [text, exit, message] of refused) {
    const reply = await swarm.say(text);
    expect([text, reply.exit, reply.message]).toEqual([text, exit, expect.stringContaining(message)]);
  }
  expect(await history(swarm)).toEqual(before);
});

test('[TSK-5] a change that would let tasks wait for each other is refused with 6 and names the circle', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant');
  await swarm.say('create task Two id=bee deps=ant');
  await swarm.say('create task Three id=cat deps=bee');
  const reply = await swarm.say('set task ant deps=cat');
  expect([reply.exit, reply.message]).toEqual([6, expect.stringMatching(/^These tasks wait for each other: .*→/)]);
  expect((await swarm.say('set task ant deps=ant')).exit).toBe(6);
  expect((await swarm.say('set task cat deps=none')).data).toMatchObject({ dependencies: [] });
  expect((await swarm.say('set task ant deps=cat')).exit).toBe(0);
});

test('[STO-4] of two clients that edit the same task the second one is refused with 6 and gets the newer version', async () => {
  await using swarm = await openSwarm();
  const { revision } = (await swarm.say('create task One id=ant')).data as Task;
  await swarm.say(`set task ant priority=high revision=${revision}`);
  const stale = await swarm.say(`set task ant priority=low revision=${revision}`);
  expect([stale.exit, stale.message]).toEqual([
    6,
    expect.stringMatching(/^ant has changed meanwhile: you know revision \d+, and it is at \d+, .*priority high/),
  ]);
  const newer = (await swarm.say('show task ant')).data as Task;
  expect(stale.data).toMatchObject({ code: 'task/stale-revision', task: { id: 'ant', revision: newer.revision } });
  const shell = await runMain(['tasks', 'set', 'ant', '--priority', 'low', '--revision', `${revision}`, '--json'], {
    cwd: swarm.root,
    env: swarm.env,
  });
  expect([shell.exit, JSON.parse(shell.stdout).task.priority]).toEqual([6, 'high']);
  expect((await swarm.say('show task ant')).data).toMatchObject({ priority: 'high' });
});

test('a change that cannot be made is refused with what is wrong, and nothing is recorded', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "One" id=ant');
  const before = await history(swarm);
  const refused: [string, number, string][] = [
    ['set task ant deps=nope', 3, 'There is no task "nope".'],
    ['set task ant title=" "', 2, 'a task needs a title'],
    ['set task ant', 6, 'Nothing was said to change.'],
    ['set tasks ant, bee priority=high', 2, 'This takes one task, and 2 are named: ant, bee.'],
  ];
  for (const [text, exit, message] of refused) {
    const reply = await swarm.say(text);
    expect([text, reply.exit, reply.message]).toEqual([text, exit, expect.stringContaining(message)]);
  }
  expect(await history(swarm)).toEqual(before);
});
