import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('[INS-9] "stop swarm" ends every instance and the daemon', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const reply = await swarm.say('stop swarm');
  expect(reply.message).toBe('Stopped 2 instances: rehearsal-1, rehearsal-2. The daemon ends as well.');
  await swarm.close();
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('');
});
