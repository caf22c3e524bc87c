import { expect, test } from 'vitest';
import { resumeSwarm } from '../../../src/commands/swarm/resume-swarm.ts';
import type { State } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';

/** The daemon lets those go on whom it is asked to let go on. */
const reacting = ({ instances }: State) =>
  Object.values(instances)
    .filter((one) => one.hold === 'resuming')
    .map(({ instance_id }) => ({ type: 'instance.resumed', data: { instance_id, evidence: 'goes on' } }) as const);

test('tasks are handed out again and all frozen agents go on', async () => {
  const desk = openDesk(
    resumeSwarm,
    [
      ...instance('c-1'),
      ...instance('c-2'),
      { type: 'swarm.paused', data: {} },
      { type: 'instance.pause_requested', data: { instance_id: 'c-1' } },
      { type: 'instance.paused', data: { instance_id: 'c-1', evidence: 'frozen' } },
    ],
    { reacting },
  );
  expect(await desk.say('resume swarm')).toMatchObject({
    exit: 0,
    message: 'Tasks start again. 1 instance goes on: c-1.',
    sideEffects: ['c-1 goes on'],
  });
  expect([desk.state.swarm.paused, desk.state.instances['c-1']!.hold]).toEqual([false, null]);
});

test('a swarm that was not paused is said so, and an agent may not say it', async () => {
  const desk = openDesk(resumeSwarm, instance('c-1'), { reacting });
  expect((await desk.say('resume swarm')).message).toBe('The swarm was not paused.');
  // That more live than may be launched is no reason to refuse it.
  const full = openDesk(resumeSwarm, [...instance('c-1'), ...instance('c-2')], {
    reacting,
    settings: settingsSchema.parse({ limits: { maxInstances: 1 } }),
  });
  expect(await full.say('resume swarm')).toMatchObject({ exit: 0, message: 'The swarm was not paused.' });
  expect((await desk.sayAs('c-1', 'resume swarm')).exit).toBe(4);
  expect(desk.recorded()).toEqual([]);
});
