import { expect, test } from 'vitest';
import { resumeTask } from '../../../src/commands/tasks/resume-task.ts';
import type { State } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, instance, started, verified } from '../../tasks/journal.ts';

/** The daemon lets those go on whom it is asked to let go on. */
const reacting = ({ instances }: State) =>
  Object.values(instances)
    .filter((one) => one.hold === 'resuming')
    .map(({ instance_id }) => ({ type: 'instance.resumed', data: { instance_id, evidence: 'goes on' } }) as const);
const held = (id: string) => ({ type: 'task.held', data: { id, held: true } }) as const;

test('a task that was held back is handed out again, and one that runs goes on with its agent', async () => {
  const desk = openDesk(
    resumeTask,
    [
      ...instance('c-1', 'working'),
      created('1'),
      held('1'),
      created('2'),
      assigned('2', 'c-1'),
      started('2', 'c-1'),
      { type: 'instance.pause_requested', data: { instance_id: 'c-1' } },
      { type: 'instance.paused', data: { instance_id: 'c-1', evidence: 'frozen' } },
      created('3'),
    ],
    { reacting },
  );
  expect(await desk.say('resume tasks 1, 2, 3')).toMatchObject({
    exit: 0,
    message: '2 tasks go on: 1, 2. Not paused: 3.',
  });
  expect([desk.state.tasks['1']!.held, desk.state.instances['c-1']!.hold]).toEqual([false, null]);
});

test('a task that is not there is an error, and that the swarm is paused is said', async () => {
  const desk = openDesk(resumeTask, [created('1'), held('1'), { type: 'swarm.paused', data: {} }], { reacting });
  expect((await desk.say('resume task 9')).exit).toBe(3);
  expect((await desk.say('resume task 1')).message).toContain('The swarm is paused');
});

test('what was held when it was merged does not go on', async () => {
  const begun = { id: 'batch-1', target: 'i', base_commit: 'b', tasks: ['1'] };
  const desk = openDesk(
    resumeTask,
    [
      ...[...instance('c-1'), created('1'), started('1', 'c-1'), verified('1'), held('1')],
      { type: 'batch.started', data: begun as never },
      { type: 'batch.merged', data: { id: 'batch-1', task: '1', branch: 'task', commit: 'm' } as never },
    ],
    { reacting },
  );
  expect(desk.state.tasks['1']).toMatchObject({ batch: 'batch-1', held: false });
  expect((await desk.say('resume task 1')).message).not.toContain('1 task goes on');
});
