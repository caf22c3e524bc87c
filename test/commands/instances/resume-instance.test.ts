import { expect, test } from 'vitest';
import { resumeInstance } from '../../../src/commands/instances/resume-instance.ts';
import type { State } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, instance, moved, requested, started } from '../../tasks/journal.ts';

/** The daemon lets those go on whom it is asked to let go on, and starts again who has to be started. */
const reacting = ({ instances }: State) =>
  Object.values(instances).flatMap(({ instance_id, hold, state }) => {
    if (hold === 'resuming') return [{ type: 'instance.resumed', data: { instance_id, evidence: 'goes on' } } as const];
    return state.kind === 'creating' ? [moved(instance_id, 'idle')] : [];
  });

const frozen = (instance_id: string) =>
  [
    { type: 'instance.pause_requested', data: { instance_id } },
    { type: 'instance.paused', data: { instance_id, evidence: 'frozen' } },
  ] as const;

test('a frozen agent goes on, one that was lost is started again, and one that was never paused is said to be none', async () => {
  const desk = openDesk(
    resumeInstance,
    [...instance('c-1', 'working'), ...frozen('c-1'), ...instance('c-2', 'lost'), ...instance('c-3')],
    {
      reacting,
    },
  );
  expect(await desk.say('resume all instances')).toMatchObject({
    exit: 0,
    message: '2 instances go on: c-1, c-2. Not paused: c-3.',
    sideEffects: ['c-1 goes on', 'c-2 goes on'],
  });
  expect(desk.state.instances['c-1']).toMatchObject({ hold: null, state: { kind: 'working' } });
  expect(desk.recorded()).toEqual(['instance.resume_requested', 'instance.restart_requested']);
});

const RESTART =
  'What was stopped is started by: restart instance ID; all of them, as after "drover down": restart all instances.';

test('where all are stopped, as after an evening, it is said how they are started', async () => {
  const desk = openDesk(resumeInstance, [...instance('c-1', 'stopped'), ...instance('c-2', 'stopped')]);
  const answer = { exit: 6, message: 'No instance that is meant runs.', hint: RESTART };
  expect(await desk.say('resume all instances')).toMatchObject(answer);
});

test('what was stopped cannot go on, and while the swarm is paused that is said as well', async () => {
  const desk = openDesk(resumeInstance, [...instance('c-1', 'stopped'), ...instance('c-2'), ...frozen('c-2')], {
    reacting,
  });
  expect(await desk.say('resume instance c-1')).toMatchObject({
    exit: 6,
    message: 'c-1 is stopped; it cannot go on.',
    hint: RESTART,
  });
  desk.add({ type: 'swarm.paused', data: {} });
  expect((await desk.say('resume instance c-2')).message).toBe(
    '1 instance goes on: c-2. The swarm is paused and gives them no tasks. Let it go on: resume swarm.',
  );
});

test('of more lost instances than may live at once, those come back first that are at a task, and the others are named', async () => {
  const settings = settingsSchema.parse({ limits: { maxInstances: 3 } });
  const atWork = [created('t1'), requested('t1'), assigned('t1', 'c-4'), started('t1', 'c-4')];
  const desk = openDesk(
    resumeInstance,
    [
      ...instance('c-1'),
      ...instance('c-4', 'working'),
      ...atWork,
      ...instance('c-2', 'lost'),
      ...instance('c-3', 'lost'),
      moved('c-4', 'lost'),
    ],
    { reacting, settings },
  );
  expect(await desk.say('resume all instances')).toMatchObject({
    exit: 124,
    message: '2 instances go on: c-4, c-2. Not paused: c-1. c-3 stays lost: limits.maxInstances is 3.',
  });
  expect(await desk.say('resume instance c-3')).toMatchObject({
    exit: 6,
    message: '1 more instance would make 4; limits.maxInstances is 3.',
  });
});

test('frozen agents go on where no place is left for one that has failed', async () => {
  const settings = settingsSchema.parse({ limits: { maxInstances: 2 } });
  const desk = openDesk(
    resumeInstance,
    [...instance('c-1', 'failed'), ...instance('c-2'), ...frozen('c-2'), ...instance('c-3'), ...frozen('c-3')],
    { reacting, settings },
  );
  expect(await desk.say('resume all instances')).toMatchObject({
    exit: 124,
    message: '2 instances go on: c-2, c-3. c-1 stays failed: limits.maxInstances is 2.',
  });
});

test('an agent that could not be let go on is not said to go on', async () => {
  const why = 'still frozen: nobody can tell what was stopped';
  const stays = ({ instances }: State) =>
    Object.values(instances).flatMap(({ instance_id, hold }) =>
      hold === 'resuming' ? [{ type: 'instance.paused', data: { instance_id, evidence: why } } as const] : [],
    );
  const desk = openDesk(resumeInstance, [...instance('c-1', 'working'), ...frozen('c-1')], { reacting: stays });
  const answer = await desk.say('resume instance c-1');
  expect(answer).toMatchObject({ exit: 1, message: expect.stringContaining(why) });
});

test('what somebody else pauses again, while others are waited for, has gone on all the same', async () => {
  const inTurn = ({ instances: { 'c-1': paused, 'c-2': back, 'c-3': other } }: State) => {
    if (paused?.hold === 'resuming')
      return [{ type: 'instance.resumed', data: { instance_id: 'c-1', evidence: 'goes on' } } as const];
    if (back?.state.kind === 'creating') return [moved('c-2', 'idle')];
    if (paused?.hold === null) return [...frozen('c-1'), ...frozen('c-2')];
    return other?.state.kind === 'creating' ? [moved('c-3', 'idle')] : [];
  };
  const lost = [...instance('c-2', 'lost'), ...instance('c-3', 'lost')];
  const desk = openDesk(resumeInstance, [...instance('c-1', 'working'), ...frozen('c-1'), ...lost], {
    reacting: inTurn,
  });
  expect(await desk.say('resume all instances')).toMatchObject({
    exit: 0,
    message: '3 instances go on: c-1, c-2, c-3.',
  });
  expect(desk.state.instances['c-1']).toMatchObject({ hold: 'frozen' });
});
