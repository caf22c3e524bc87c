import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('the status says what needs a person, and alerts are put away by hand', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('status swarm')).message).toBe('Instances: none. Tasks: 0 of 0 done. All is well.');
  await swarm.say('create task One id=t1 check=false');
  await swarm.say('run task t1 wait=true');
  const status = await swarm.say('status swarm health');
  expect(status.message).toMatch(/Tasks: 0 of 1 done\. 1 needs you: t1 failed \(check\): .* → show failure t1\.$/);
  expect(status.data).toMatchObject({ tasks: { total: 1, failed: 1 }, alerts: [{ id: 'failed:t1' }] });
  expect((await swarm.say('clear alert constructor')).exit).toBe(3);
  expect((await swarm.say('clear alert failed:t1')).message).toBe('Cleared 1 alert.');
  expect((await swarm.say('clear all alerts')).message).toBe('Cleared 0 alerts.');
  await swarm.say('stop all instances');
});

test('an instance that is lost needs attention also after all alerts are cleared', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', recovery: { tries: 0 } } });
  await swarm.say('create task One description="rehearse: crash" id=t1');
  await swarm.say('run task t1 wait=true');
  await swarm.say('clear all alerts');
  expect((await swarm.say('status swarm')).message).toMatch(
    /1 needs you: rehearsal-1 (?:crashed|is lost).* → restart instance rehearsal-1\.$/,
  );
  await swarm.say('remove task t1');
});

test('the status that is asked of a group or an instance is about it alone, and one that is not there is not found', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance group=web');
  await swarm.say('launch 1 instance');
  await swarm.say('create task One id=t1');
  await swarm.say('create task Two id=t2 deps=t1');
  expect((await swarm.say('@web: status')).data).toMatchObject({ instances: { total: 1 }, tasks: { total: 0 } });
  expect((await swarm.say('@rehearsal-2: status')).data).toMatchObject({
    instances: { total: 1 },
    tasks: { total: 0 },
  });
  expect((await swarm.say('@all: status')).data).toMatchObject({
    instances: { total: 2 },
    tasks: { total: 2, ready: 1 },
  });
  expect(await swarm.say('@nope: status')).toMatchObject({ exit: 3, message: 'There is no group "nope".' });
});

test('the status does not say that all is well while finished work waits for a person', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1 wait=true');
  expect((await swarm.say('status swarm')).message).toMatch(
    /Tasks: 1 of 1 done, 1 of them unchecked\. Next: 1 task done, to review → review task t1; 1 task to merge, not reviewed → merge completed branches$/,
  );
});
