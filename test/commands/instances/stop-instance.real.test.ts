import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, until } from '../stage.ts';

test('[INS-5] "stop all running threads" stops those at work after one question with their number, and no idle one', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 3 instances');
  for (const id of ['h1', 'h2']) await swarm.say(hang(id));
  await swarm.say('run tasks h1, h2');
  const busy = await until(
    swarm,
    (state) => Object.values(state.instances).filter((one) => one.state.kind === 'working').length === 2,
  );
  const idle = Object.values(busy.instances).find((one) => one.state.kind === 'idle')!.instance_id;
  const asked = await swarm.propose('halt all active processes');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('2 instances')]);
  expect(asked.message).toContain('2 task runs end unfinished (h1, h2)');
  const done = await swarm.say('stop all running threads');
  expect([done.exit, done.message]).toEqual([0, expect.stringMatching(/^Stopped 2 instances: /)]);
  const after = await swarm.state();
  expect(after.instances[idle]!.state.kind).toBe('idle');
  expect(Object.values(after.instances).filter((one) => one.state.kind === 'stopped').length).toBe(2);
});

test('one idle instance stops without a question, all of them or one by force only with it', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 3 instances');
  expect((await swarm.propose('stop instance rehearsal-1')).message).toBe('Stopped 1 instance: rehearsal-1.');
  expect((await swarm.propose('stop instance rehearsal-1')).message).toBe('Nothing was running.');
  expect((await swarm.propose('kill rehearsal-2')).message).toContain('uncommitted files stay in the worktrees');
  expect((await swarm.propose('stop all instances')).exit).toBe(5);
  expect((await swarm.say('stop all instances except rehearsal-2')).message).toBe('Stopped 1 instance: rehearsal-3.');
  expect((await swarm.propose('stop the last instance')).message).toBe('Nothing was running.');
  const odd = await swarm.say('stop instances state=constructor');
  expect([odd.exit, odd.message]).toEqual([2, '"constructor" is no state of an instance.']);
  expect((await swarm.say('stop other instances')).exit).toBe(2);
  expect((await swarm.state()).instances['rehearsal-2']!.state.kind).toBe('idle');
  expect(swarm.git('worktree', 'list').split('\n').length).toBe(4);
});

test('whoever stops an instance that is being stopped waits for its end, and is told of it', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  const both = await Promise.all([swarm.say('stop instance rehearsal-1'), swarm.say('stop all instances')]);
  expect(both.map(({ message }) => message)).toEqual(Array(2).fill('Stopped 1 instance: rehearsal-1.'));
});
