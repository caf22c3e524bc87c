import { expect, test } from 'vitest';
import { removeTask } from '../../../src/commands/tasks/remove-task.ts';
import { openDesk } from '../../helpers/desk.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { created } from '../../tasks/journal.ts';
import { hang, taskIs } from '../stage.ts';

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
