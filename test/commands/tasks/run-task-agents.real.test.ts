import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../stage.ts';

const ONCE =
  'echo "$1" > out.txt && git add out.txt && git -c user.name=r -c user.email=r@example.invalid commit -q -m x';

test('a task goes to the agent of the settings, and where only others are idle the answer names them', async () => {
  const robot = { command: ['sh', '-c', ONCE, 'sh'], prompt: 'argument' };
  await using swarm = await openSwarm({ settings: { agent: 'robot', agents: { robot } } });
  await swarm.say('launch 1 rehearsal agent');
  await swarm.say('create task First id=t1');
  expect((await swarm.say('run all ready tasks')).message).toBe(
    '1 task starts. Not by robot: t1 on rehearsal-1 (rehearsal).',
  );
  await until(swarm, ({ instances }) => instances['rehearsal-1']!.state.kind === 'idle');
  await swarm.say('launch 1 robot agent');
  await until(swarm, ({ instances }) => instances['robot-1']!.state.kind === 'idle');
  await swarm.say('create task Second id=t2');
  expect((await swarm.say('run all ready tasks')).message).toBe('1 task starts.');
  const { tasks } = await until(swarm, (state) => state.tasks['t2']!.state === 'done');
  expect(tasks['t2']!.run!.instance).toBe('robot-1');
});
