import { expect, test } from 'vitest';
import type { Task } from '../../../src/state/tasks.ts';
import { runMain } from '../../helpers/io.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, history, instanceIs, taskIs, until } from '../stage.ts';

test('[TSK-1] a task is created with its fields, shown, listed by state, changed and removed', async () => {
  await using swarm = await openSwarm();
  const created = await swarm.say(
    'create task "Add login page" description="with a form" priority=high check="npm test"',
  );
  expect([created.exit, created.message]).toEqual([0, 'Created t1: Add login page.']);
  expect((await swarm.say('show task t1')).data).toMatchObject({
    title: 'Add login page',
    description: 'with a form',
    priority: 'high',
    check: 'npm test',
    word: 'ready',
  });
  const next = await swarm.say('create task title="Add logout" deps=t1');
  expect(next.data).toMatchObject({ id: 't2', dependencies: ['t1'] });
  expect((await swarm.say('list waiting tasks')).data).toMatchObject([{ id: 't2', word: 'waits for t1' }]);
  expect((await swarm.say('list tasks state=ready')).data).toMatchObject([{ id: 't1' }]);
  expect((await swarm.say('list failed tasks')).data).toEqual([]);
  const edited = await swarm.say('set task t1 title="Login" priority=low check="" complexity=8 description="a form"');
  expect(edited.message).toBe('Changed title, description, priority, check, complexity of t1.');
  expect(edited.data).toMatchObject({ title: 'Login', priority: 'low', check: null, complexity_score: 8 });
  expect((await swarm.say('show brief t1')).message.match(/a form/g)?.length).toBe(1);
  expect((await swarm.say('show task t1')).text).toContain('a form');
  expect((await swarm.say('remove task t2')).message).toBe('Removed t2.');
  expect((await swarm.say('create task Another')).message).toBe('Created t3: Another.');
});

test('what cannot be a task is refused with what is wrong, and nothing is recorded', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "One" id=ant');
  const before = await history(swarm);
  const refused: [string, number, string][] = [
    ['create task ""', 2, 'a task needs a title'],
    ['create task "One" title="Two"', 2, 'the title is said twice'],
    ['create task "One" id=ant', 2, '"ant" is taken'],
    ['create task "One" id="a b"', 2, 'id'],
    ['create task "One" id=constructor', 2, 'this word cannot be an id'],
    ['create task "One" deps=nope', 3, 'There is no task "nope".'],
    ['create task "One" deps=constructor', 3, 'There is no task "constructor".'],
    ['create task "One" priority=soon', 2, 'priority'],
    ['set task ant deps=nope', 3, 'There is no task "nope".'],
    ['set task ant title=" "', 2, 'a task needs a title'],
    ['set task ant', 6, 'Nothing was said to change.'],
    ['set tasks ant, bee priority=high', 2, 'This takes one task, and 2 are named: ant, bee.'],
    ['show tasks ant, bee', 2, 'This takes one task'],
    ['show task bee', 3, 'There is no task "bee".'],
    ['list tasks state=purple', 2, '"purple" is no state of a task.'],
    ['remove other tasks', 2, 'scope'],
    ['remove failed tasks', 3, 'No task is failed.'],
    ['show result ant', 6, 'ant has not been run.'],
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

test('a task that others need or somebody works on stays; with those that need it, it goes', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant');
  await swarm.say('create task Two id=bee deps=ant');
  await swarm.say('create task Three id=cat deps=ant');
  const needed = await swarm.say('remove task ant');
  expect([needed.exit, needed.message, needed.hint]).toEqual([
    6,
    'ant is open; bee depends on it.',
    'Say "set task bee deps=none" first.',
  ]);
  expect((await swarm.say('remove tasks ant, bee')).message).toBe('ant is open; cat depends on it.');
  const asked = await swarm.propose('remove all tasks');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('3 tasks (ant, bee, cat)')]);
  expect((await swarm.say('remove all tasks')).data).toEqual(['ant', 'bee', 'cat']);
  await swarm.say(hang('h'));
  await swarm.say('run task h');
  await taskIs(swarm, 'h', 'running');
  const busy = await swarm.say('remove task h');
  expect([busy.exit, busy.hint]).toEqual([6, 'Say "stop task h" first.']);
  expect((await swarm.say('remove last task')).exit).toBe(6);
});

test('[TSK-6] a task that is assigned to a busy agent waits in its queue, pinned, while another one is free', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  await swarm.say(hang('h'));
  await swarm.say('create task Two id=bee');
  await swarm.say('assign task h to rehearsal-1');
  await taskIs(swarm, 'h', 'running');
  const reply = await swarm.say('assign task bee to rehearsal-1');
  expect([reply.message, reply.data]).toEqual([
    'rehearsal-1 gets bee; its queue: h, bee.',
    { instance: 'rehearsal-1', tasks: ['bee'], queue: ['h', 'bee'] },
  ]);
  expect((await swarm.say('assign task h to rehearsal-1')).message).toBe(
    'rehearsal-1 is at it already; its queue: h, bee.',
  );
  await swarm.say('create task Three id=cat');
  await swarm.say('run task cat');
  const state = await taskIs(swarm, 'cat', 'done');
  expect(state.tasks['cat']!.run!.instance).toBe('rehearsal-2');
  expect(state.tasks['bee']).toMatchObject({ state: 'assigned', assignee: 'rehearsal-1', pinned: true });
  expect((await swarm.say('unassign task bee')).message).toBe('Unassigned bee.');
  expect((await taskIs(swarm, 'bee', 'done')).tasks['bee']!.run!.instance).toBe('rehearsal-2');
  expect((await swarm.say('unassign task bee')).hint).toBe('Say "stop task bee" when it runs.');
});

test('assigning names what is wrong: an unknown or stopped instance, a task that is done', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant');
  await swarm.say('run task ant wait=true');
  expect((await swarm.say('assign task ant to rehearsal-1')).hint).toBe('Say "retry task ant" to do it again.');
  await swarm.say('create task Two id=bee');
  expect(await swarm.say('assign task bee to rehearsal-7')).toMatchObject({ exit: 3 });
  await swarm.say('stop instance rehearsal-1');
  const stopped = await swarm.say('assign task bee to rehearsal-1');
  expect([stopped.exit, stopped.message]).toEqual([6, 'rehearsal-1 is stopped; it takes no tasks.']);
  expect((await swarm.say('run task bee on=rehearsal-1')).exit).toBe(6);
  expect((await swarm.state()).tasks['bee']!.state).toBe('open');
});

test('[TSK-6] tasks are moved away from an instance to another one, a run in progress only after a question', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say(hang('h'));
  await swarm.say('run task h');
  await taskIs(swarm, 'h', 'running');
  const alone = await swarm.say('reassign tasks from rehearsal-1');
  expect([alone.exit, alone.message]).toEqual([6, 'There is no other instance that could take h.']);
  await swarm.say('launch 1 instance');
  await swarm.say('create task Two id=bee');
  await swarm.say('assign task bee to rehearsal-1');
  const asked = await swarm.propose('reassign tasks from rehearsal-1');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('1 run (h)')]);
  expect((await swarm.propose('assign task h to rehearsal-2')).exit).toBe(5);
  const moved = await swarm.say('reassign tasks from rehearsal-1 to rehearsal-2');
  expect(moved.data).toEqual(['bee', 'h']);
  const state = await until(swarm, (now) => now.tasks['h']!.run?.instance === 'rehearsal-2');
  expect(state.tasks['h']!.history.at(-1)).toMatchObject({ instance: 'rehearsal-1', failure: { class: 'stopped' } });
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect((await swarm.say('reassign task h')).message).toBe('Moved h to rehearsal-1.');
  await until(swarm, (now) => now.tasks['h']!.run?.instance === 'rehearsal-1');
  const done = await swarm.say('reassign task bee');
  expect([done.exit, done.message]).toEqual([6, 'bee is done; nobody has it.']);
  expect((await swarm.say('reassign tasks from rehearsal-2')).message).toBe('There was nothing to move.');
});

test('a failed task is tried again with its alert put away; a merged one is not', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant check="test -f made"');
  expect((await swarm.say('retry failed tasks')).message).toBe('No task is failed.');
  const failed = await swarm.say('run task ant wait=true');
  expect([failed.exit, failed.message]).toEqual([1, 'ant did not get done.']);
  expect((await swarm.say('list alerts')).data).toMatchObject([{ id: 'failed:ant' }]);
  expect((await swarm.say('show result ant')).message).toContain('failed (check)');
  await swarm.say('set task ant check=true');
  expect((await swarm.say('retry failed tasks')).message).toBe('1 task will be run again: ant.');
  const state = await taskIs(swarm, 'ant', 'done');
  expect([state.tasks['ant']!.attempts, Object.keys(state.alerts)]).toEqual([2, []]);
  expect((await swarm.say('show result ant')).message).toContain('1 commit,');
  await swarm.say('merge completed branches');
  const merged = await swarm.say('retry task ant');
  expect([merged.exit, merged.message]).toEqual([6, 'ant is merged; it cannot be run again now.']);
  await swarm.say('stop all instances');
  await swarm.say('create task Two id=bee');
  expect((await swarm.say('retry task bee')).message).toContain('No instance is there to do it');
});
