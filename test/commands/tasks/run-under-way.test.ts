import { expect, test } from 'vitest';
import { runTask } from '../../../src/commands/tasks/run-task.ts';
import type { State } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, failed, instance, moved, started, verified } from '../../tasks/journal.ts';

const busy = [...instance('a-1'), created('t7'), started('t7', 'a-1'), moved('a-1', 'working')];
const verifying = (id: string) => (state: State) => (state.tasks[id]!.state === 'running' ? [verified(id)] : []);

test('to run all and wait also waits for what somebody is at already', async () => {
  const desk = openDesk(runTask, busy, { reacting: verifying('t7') });
  expect(await desk.say('run all tasks and wait')).toMatchObject({
    exit: 0,
    message: '1 task done.',
    data: { tasks: ['t7'], failed: [], launched: [] },
  });
  const broken = openDesk(runTask, [...busy, created('t8'), moved('a-1', 'idle')], {
    reacting: ({ tasks }) =>
      tasks['t7']!.state === 'running' ? [failed('t7'), started('t8', 'a-1'), verified('t8')] : [],
  });
  const reply = await broken.say('run all tasks and wait');
  expect(reply).toMatchObject({ exit: 1, data: { tasks: ['t7', 't8'], failed: ['t7'] } });
  expect(reply.message).toBe('t7 did not get done. t7 failed (check): it failed.');
});

test('to run all where all is under way says so', async () => {
  const desk = openDesk(runTask, busy);
  expect(await desk.say('run all tasks')).toMatchObject({
    exit: 6,
    message: 'No task is left to run: t7 is under way already.',
    hint: 'To wait until they have ended, add "and wait".',
  });
});
