import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('more than one instance is paused after a question only, and each answer says what became of each', async () => {
  await using swarm = await openSwarm();
  expect(await swarm.say('pause all instances')).toMatchObject({ exit: 6, message: 'No instance that is meant runs.' });
  await swarm.say('launch 3 instances');
  const asked = await swarm.propose('pause all instances');
  expect([asked.exit, asked.message]).toEqual([
    5,
    'This freezes 3 instances (rehearsal-1, rehearsal-2, rehearsal-3) until they are resumed; nothing is lost.',
  ]);
  await swarm.say('stop instance rehearsal-3');
  expect((await swarm.propose('freeze rehearsal-1')).message).toBe('Paused 1 instance: rehearsal-1.');
  const stopped = await swarm.say('pause instance rehearsal-3');
  expect([stopped.exit, stopped.message]).toEqual([6, 'rehearsal-3 is stopped; only what runs can be paused.']);
  const all = await swarm.say('pause all instances');
  expect([all.exit, all.message]).toEqual([0, 'Paused 1 instance: rehearsal-2. Already paused: rehearsal-1.']);
  const mixed = await swarm.say('pause instances rehearsal-1, rehearsal-3');
  expect([mixed.exit, mixed.data]).toEqual([
    124,
    [
      { id: 'rehearsal-1', outcome: 'already paused', why: null },
      { id: 'rehearsal-3', outcome: 'impossible', why: 'is stopped; only what runs can be paused' },
    ],
  ]);
  expect((await swarm.say('show instance rehearsal-1')).text).toContain('before:');
  const on = await swarm.propose('continue all paused instances except rehearsal-2');
  expect([on.exit, on.message]).toEqual([0, '1 instance goes on: rehearsal-1.']);
  expect(await swarm.say('resume instances rehearsal-1, rehearsal-2')).toMatchObject({
    exit: 0,
    message: '1 instance goes on: rehearsal-2. Not paused: rehearsal-1.',
  });
  expect((await swarm.say('resume instance rehearsal-3')).message).toBe('rehearsal-3 is stopped; it cannot go on.');
  expect((await swarm.say('pause instance rehearsal-9')).exit).toBe(3);
  expect((await swarm.say('pause instance')).exit).toBe(2);
});
