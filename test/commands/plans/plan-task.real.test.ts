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
  // What is not begun as things stand has no time, and the page says why.
  await swarm.say('launch 1 instance');
  await swarm.say('pause task cat');
  const held = await swarm.say('plan tasks');
  expect(held.text).toContain(' cat is held back: to let it begin, say: resume task cat.');
  expect((held.data as { tasks: object[] }).tasks).toMatchObject([
    { id: 'ant', start: 0 },
    { id: 'cat', start: null },
    { id: 'bee' },
  ]);
  await swarm.say('create task Four id=dog');
  await swarm.say('create task Five id=eel deps=dog');
  await swarm.say('create task Six id=fox deps=eel');
  await swarm.say('cancel task dog');
  const stranded = await swarm.say('plan tasks');
  // What nobody begins as it is stands in no wave, and is handed out to nobody.
  expect(stranded.message).toMatch(/^3 open tasks in 2 waves: 2\/1; longest chain ant → bee\./u);
  expect(stranded.message).toContain(
    ' In no wave, since nobody begins it as it is: eel waits for dog, which was cancelled, and 1 more like that, see: show task eel.',
  );
  expect(stranded.text).toMatch(/^- +eel .* dog, which was cancelled +Five$/mu);
  expect(stranded.text).toMatch(/^- +fox .* eel +Six$/mu);
  expect(stranded.data).toMatchObject({ waves: [['ant', 'cat'], ['bee']] });
  expect((stranded.data as { tasks: object[] }).tasks.slice(-2)).toMatchObject([
    { id: 'eel', wave: null, waits_for: ['dog'], given_up: { dog: 'was cancelled' }, instance: null },
    { id: 'fox', wave: null, waits_for: ['eel'], instance: null },
  ]);
  expect((await swarm.propose('plan tasks apply')).message).toContain('hands 3 open tasks out');
  for (const line of ['remove task eel', 'remove task fox', 'resume task cat']) await swarm.say(line);
  await swarm.say('run task ant wait=true');
  expect((await swarm.say('plan tasks')).data).toMatchObject({ waves: [['bee', 'cat']] });
});
