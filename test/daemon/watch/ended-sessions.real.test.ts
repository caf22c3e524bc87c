import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

test('that something of a person goes on is told until its session has ended, also when no agent is left', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('launch 2 instances')).exit).toBe(0);
  for (const name of ['r-rehearsal-1', 'r-rehearsal-2'])
    swarm.tmux('new-window', '-d', '-t', `=${name}:`, '-n', 'mine', 'exec cat');
  expect((await swarm.say('stop all instances')).exit).toBe(0);
  const told = ({ alerts }: Awaited<ReturnType<typeof swarm.state>>) =>
    Object.keys(alerts)
      .filter((id) => id.startsWith('yours:'))
      .toSorted();
  expect(told(await swarm.state())).toEqual(['yours:r-rehearsal-1-yours', 'yours:r-rehearsal-2-yours']);
  swarm.tmux('kill-session', '-t', '=r-rehearsal-1-yours');
  // It is looked at once a minute, and at each start.
  await swarm.reopen();
  const first = await until(swarm, (state) => told(state).length === 1);
  expect(told(first)).toEqual(['yours:r-rehearsal-2-yours']);
  // With the last one the server ends.
  swarm.tmux('kill-server');
  await swarm.reopen();
  await until(swarm, (state) => told(state).length === 0);
});
