import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, instanceIs } from '../stage.ts';

test('[INS-7] "scale" sets the total or changes it, takes idle ones first, and shows both numbers', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const present = async () =>
    Object.values((await swarm.state()).instances).filter((one) => one.state.kind !== 'stopped').length;
  expect((await swarm.propose('scale instances 5')).message).toContain('2 → 5');
  expect(await present()).toBe(5);
  expect((await swarm.propose('scale up instances 3')).message).toContain('5 → 8');
  expect(await present()).toBe(8);
  for (const id of ['h1', 'h2']) await swarm.say(hang(id));
  await swarm.say('run task h1 on=rehearsal-8');
  await swarm.say('run task h2 on=rehearsal-7');
  for (const id of ['h1', 'h2']) await hangs(swarm, id);
  // Frozen at work is at work.
  await swarm.say('pause instance rehearsal-7');
  const down = await swarm.say('scale down instances 3');
  expect([down.exit, down.message]).toEqual([
    0,
    'Instances 8 → 5. Stopped 3 instances: rehearsal-6, rehearsal-5, rehearsal-4.',
  ]);
  const asked = await swarm.propose('scale instances 1');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('1 task run ends unfinished')]);
  expect(await present()).toBe(5);
});

test('scaling a group counts that group only', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  expect((await swarm.say('scale down instances 1 group=backend')).exit).toBe(3);
  expect((await swarm.say('scale instances 2 group=backend')).message).toMatch(
    /^Instances of backend 0 → 2: 2 new ones \(.*\)\. Created the group backend\.$/u,
  );
  expect((await swarm.say('scale instances 2 group=backend')).message).toBe(
    'There are 2 instances in backend already.',
  );
  expect((await swarm.say('scale instances 1 group=backend')).message).toBe(
    'Instances of backend 2 → 1. Stopped 1 instance: rehearsal-3.',
  );
  expect((await swarm.say('scale instances 20 group=backend')).exit).toBe(6);
});

test('"scale instances" sets the total, "scale up" and "scale down" are relative, and the answer shows both numbers', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('scale instances 2')).message).toMatch(/^Instances 0 → 2: 2 new ones \(/);
  const up = await swarm.say('scale up instances 1');
  expect([up.exit, up.sideEffects.length]).toEqual([0, 3]);
  expect((await swarm.say('scale instances 3')).message).toBe('There are 3 instances already.');
  expect((await swarm.say('scale down instances 2')).message).toBe(
    'Instances 3 → 1. Stopped 2 instances: rehearsal-3, rehearsal-2.',
  );
  expect((await swarm.say('scale instances 99')).exit).toBe(6);
});

test('shrinking takes idle instances first and asks before it stops a busy one', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  await swarm.say(hang('h1'));
  await swarm.say('run task h1 on=rehearsal-2');
  await instanceIs(swarm, 'rehearsal-2', 'working');
  expect((await swarm.propose('scale instances 1')).message).toBe('Instances 2 → 1. Stopped 1 instance: rehearsal-1.');
  const asked = await swarm.propose('scale instances 0');
  expect([asked.exit, asked.message]).toEqual([
    5,
    'This stops 1 instance (rehearsal-2): 1 task run ends unfinished (h1); work in progress is committed.',
  ]);
});
