import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('[DST-1] "plan tasks" shows the waves, what each task waits for and the longest chain, before and while it is done', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('plan tasks')).message).toBe('0 open tasks in 0 waves: 0; longest chain none.');
  await swarm.say('create task One id=ant');
  await swarm.say('create task Two id=bee deps=ant');
  await swarm.say('create task Three id=cat');
  const plan = await swarm.say('plan tasks');
  expect(plan.message).toBe('3 open tasks in 2 waves: 2/1; longest chain ant → bee. No instance is there to do it.');
  expect(plan.data).toMatchObject({ waves: [['ant', 'cat'], ['bee']], critical_path: ['ant', 'bee'] });
  expect(plan.text).toContain('in 2 waves: 2/1');
  await swarm.say('run task ant wait=true');
  expect((await swarm.say('plan tasks')).data).toMatchObject({ waves: [['bee', 'cat']] });
});
