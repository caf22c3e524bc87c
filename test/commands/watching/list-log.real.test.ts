import { expect, test, vi } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('the logs of all agents are searched at once', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1 wait=true');
  await swarm.say('tell rehearsal-1 "Look for the NEEDLE"');
  const found = await vi.waitUntil(async () => {
    const reply = await swarm.say('list logs grep=needle');
    return !reply.message.includes(', 0 lines') && reply;
  });
  expect(found.text).toMatch(/^rehearsal-1 t1: .*NEEDLE/m);
  expect(found.data).toMatchObject([
    { instance: 'rehearsal-1', found: expect.arrayContaining([expect.stringContaining('NEEDLE')]) },
  ]);
  expect((await swarm.say('list logs grep="is not there"')).message).toBe('1 log, 0 lines with “is not there”.');
});
