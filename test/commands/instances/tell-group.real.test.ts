import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { history, sayAs, until } from '../stage.ts';

test('an agent speaks to the others of its own group, under its name, and to nobody else', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances group=backend');
  await swarm.say('launch 1 instance group=web');
  const told = await sayAs(swarm, 'rehearsal-1', 'tell group backend "/quit"');
  expect([told.exit, told.data]).toEqual([0, { delivered: ['rehearsal-2'] }]);
  const screen = () => swarm.tmux('capture-pane', '-p', '-t', '=r-rehearsal-2:');
  await until(swarm, () => screen().includes('heard: rehearsal-1 says: /quit'));
  expect((await sayAs(swarm, 'rehearsal-1', 'tell rehearsal-2 "hello"')).exit).toBe(0);
  const before = await history(swarm);
  for (const other of [
    'tell group web "x"',
    'tell rehearsal-3 "x"',
    'tell rehearsal-1 "x"',
    'tell rehearsal-2, rehearsal-3 "x"',
  ]) {
    const reply = await sayAs(swarm, 'rehearsal-1', other);
    expect([other, reply.exit, reply.hint]).toEqual([other, 4, 'An agent speaks to the others of its own group only.']);
  }
  expect((await sayAs(swarm, 'rehearsal-1', 'tell all agents "x"')).exit).not.toBe(0);
  expect((await sayAs(swarm, 'rehearsal-3', 'tell group web "x"')).exit).toBe(4);
  expect((await sayAs(swarm, 'rehearsal-1', 'pause group web')).exit).toBe(4);
  expect(await history(swarm)).toEqual(before);
  await swarm.say('set all instances group=none');
  expect((await sayAs(swarm, 'rehearsal-1', 'tell rehearsal-2 "x"')).exit).toBe(4);
});
