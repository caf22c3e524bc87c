import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('the daemon tells of itself, and ends when it is told to, with the agents going on', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  expect((await swarm.say('status daemon')).data).toMatchObject({ running: true, pid: process.pid });
  const parsed = await swarm.say('test protocol parse "kill rehearsal-1"');
  expect(parsed.data).toMatchObject({ says: 'stop instance rehearsal-1 force', destructive: true, available: true });
  expect((await swarm.say('test protocol parse "sync github"')).message).toContain('not available until phase 4');
  expect((await swarm.say('test protocol parse "rnu task"')).exit).toBe(2);
  expect((await swarm.say('help stop instance')).message).toContain('destructive: yes');
  expect((await swarm.say('help')).message).toContain('launch 3 instances');
  expect((await swarm.say('test swarm stop')).message).toBe('A test swarm ends by itself; none is left running.');
  expect((await swarm.say('stop daemon')).message).toBe('The daemon ends; the agents go on.');
  await swarm.close();
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('r-rehearsal-1');
});
