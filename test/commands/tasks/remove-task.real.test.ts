import { expect, test } from 'vitest';
import { removeTask } from '../../../src/commands/tasks/remove-task.ts';
import { openDesk } from '../../helpers/desk.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { created } from '../../tasks/journal.ts';
import { hang, instanceIs, taskIs } from '../stage.ts';

test('a task that others need or somebody works on stays; with those that need it, it goes', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant');
  await swarm.say('create task Two id=bee deps=ant');
  await swarm.say('create task Three id=cat deps=ant');
  const needed = await swarm.say('remove task ant');
  expect([needed.exit, needed.message, needed.hint]).toEqual([
    6,
    'ant is open; bee depends on it.',
    'First say: set task bee deps=none',
  ]);
  expect((await swarm.say('remove tasks ant, bee')).message).toBe('ant is open; cat depends on it.');
  const asked = await swarm.propose('remove all tasks');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('3 tasks (ant, bee, cat)')]);
  expect((await swarm.say('remove all tasks')).data).toEqual(['ant', 'bee', 'cat']);
  await swarm.say(hang('h'));
  await swarm.say('run task h');
  await taskIs(swarm, 'h', 'running');
  const busy = await swarm.say('remove task h');
  expect([busy.exit, busy.hint]).toEqual([6, 'First say: stop task h']);
  expect((await swarm.say('remove last task')).exit).toBe(6);
});

test('by force a task that is worked on goes as well: its run ends first, and its agent is free for other work', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('h'));
  await swarm.say('create task Two id=bee deps=h');
  await swarm.say('run task h');
  await taskIs(swarm, 'h', 'running');
  expect((await swarm.say('remove task h force')).message).toBe('h is running; bee depends on it.');
  const { tasks } = await swarm.state();
  expect(tasks['h']!.state).toBe('running');
  await swarm.say('set task bee deps=none');
  const asked = await swarm.propose('remove task h force');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('the run of h is interrupted')]);
  const removed = await swarm.say('remove task h force');
  expect(removed).toMatchObject({ exit: 0, message: 'Removed h.', sideEffects: ['run of h interrupted'] });
  const state = await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect([state.tasks['h'], state.instances['rehearsal-1']!.task_assignments]).toEqual([undefined, []]);
  expect(swarm.git('branch', '--list', 'feature/h-*')).not.toBe('');
  expect((await swarm.say('run task bee wait=true')).exit).toBe(0);
});

test('tasks that no word says are not removed', async () => {
  const desk = openDesk(removeTask, [created('ant')]);
  const refused: [string, number, string][] = [
    ['remove other tasks', 2, 'scope'],
    ['remove failed tasks', 3, 'No task is failed.'],
  ];
  for (const [text, exit, message] of refused) {
    const reply = await desk.say(text);
    expect([text, reply.exit, reply.message]).toEqual([text, exit, expect.stringContaining(message)]);
  }
  expect(desk.recorded()).toEqual([]);
});
