import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('attaching needs a living session, and says how to do it by hand', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  expect((await swarm.say('attach rehearsal-1')).message).toBe('tmux attach -t =r-rehearsal-1');
  await swarm.say('stop instance rehearsal-1');
  const reply = await swarm.say('attach rehearsal-1');
  expect([reply.exit, reply.hint]).toEqual([6, 'First say: restart instance rehearsal-1']);
  const unknown = await swarm.say('attach rehearsal-9');
  expect([unknown.exit, unknown.hint]).toEqual([3, 'Did you mean rehearsal-1? Known: rehearsal-1.']);
});
