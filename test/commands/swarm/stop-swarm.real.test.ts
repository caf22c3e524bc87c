import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../stage.ts';

test('[INS-9] "stop swarm" ends every instance and the daemon', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const reply = await swarm.say('stop swarm');
  expect(reply.message).toBe('Stopped 2 instances: rehearsal-1, rehearsal-2. The daemon ends as well.');
  await swarm.close();
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('');
});

test('[INS-9] "stop swarm" leaves no session of an agent that had ended itself', async () => {
  const settings = { agent: 'brief', agents: { brief: { command: ['sh', '-c', 'read line; exit 0'] } } };
  await using swarm = await openSwarm({ settings });
  await swarm.say('launch 1 instance');
  await swarm.say('tell brief-1 "bye"');
  await until(swarm, ({ instances }) => instances['brief-1']!.state.kind === 'stopped');
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('r-brief-1');
  const reply = await swarm.say('stop swarm');
  expect([reply.exit, reply.sideEffects]).toEqual([0, ['session r-brief-1 ended', 'daemon stopped']]);
  await swarm.close();
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('');
});
