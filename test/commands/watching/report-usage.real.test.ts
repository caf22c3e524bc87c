import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, instanceIs, sayAs, until } from '../stage.ts';

test('an agent, or what wraps it, reports what it used: totals, of its own instance alone', async () => {
  const prices = { 'some-*': { input: 2, output: 10 } };
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', prices } });
  await swarm.say('launch 2 instances');
  await swarm.say(hang('h1'));
  await swarm.say('run task h1 on=rehearsal-1');
  await hangs(swarm, 'h1');
  const line = 'report usage input=100000 output=5000 turns=3 model=some-model context=50000 window=200000';
  const reply = await sayAs(swarm, 'rehearsal-1', line);
  expect([reply.exit, reply.message]).toEqual([0, 'Noted. rehearsal-1 has used 105k tokens in 3 turns, $0.25.']);
  expect(reply.data).toEqual({ instance_id: 'rehearsal-1', task: 'h1' });
  await sayAs(swarm, 'rehearsal-1', line);
  const { usage } = await swarm.state();
  expect([usage.swarm.usd, usage.tasks['h1']!.usd, usage.instances['rehearsal-1']!.turns]).toEqual([0.25, 0.25, 3]);
  const foreign = await sayAs(swarm, 'rehearsal-1', 'report usage input=1 id=rehearsal-2');
  expect([foreign.exit, foreign.hint]).toEqual([4, 'An agent reports its own usage only.']);
  expect((await sayAs(swarm, 'rehearsal-1', 'report usage input=1 model="a b"')).exit).toBe(2);
  expect((await sayAs(swarm, 'rehearsal-1', 'report usage input=-5')).exit).toBe(2);
  expect(await swarm.say('report usage input=1')).toMatchObject({
    exit: 2,
    message: expect.stringContaining('which instance'),
  });
  const told = await swarm.say('report usage input=1000 usd=0.5 conversation=other id=rehearsal-2');
  expect(told.message).toBe('Noted. rehearsal-2 has used 1k tokens in 0 turns, $0.50.');
  expect((await swarm.say('report usage id=rehearsal-2')).message).toContain('1k tokens');
  expect((await swarm.state()).usage.swarm.usd).toBe(0.75);
});

test('a budget that is used up pauses who works on the task, and is told of until there is room', async () => {
  const settings = { agent: 'rehearsal', budgets: { task: { usd: 1 }, action: 'pause' } };
  await using swarm = await openSwarm({ settings });
  await swarm.say('create task "Dear rehearse: spend 1000+10 $0.85; hang" id=d1');
  await swarm.say('run task d1');
  const warned = await until(swarm, ({ alerts }) => 'budget:task:d1' in alerts);
  expect(warned.alerts['budget:task:d1']).toMatchObject({
    severity: 'warning',
    text: expect.stringContaining('at least 80 %'),
  });
  await sayAs(swarm, 'rehearsal-1', 'report usage input=10 usd=0.4 conversation=rest');
  const paused = await instanceIs(swarm, 'rehearsal-1', 'paused');
  expect(paused.alerts['budget:task:d1']).toMatchObject({
    severity: 'error',
    text: 'task d1 has used up its budget of $1.00; it is paused, until it is resumed',
    suggestion: 'set config budgets.task.usd 2.3',
  });
  expect((await swarm.say('set config budgets.task.usd 5')).exit).toBe(0);
  await until(swarm, ({ alerts }) => !('budget:task:d1' in alerts));
  expect((await swarm.say('resume task d1')).exit).toBe(0);
  await instanceIs(swarm, 'rehearsal-1', 'working');
});
