import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, instanceIs, taskIs } from '../stage.ts';

test('[TSK-1] a task is cancelled: its run ends, those that wait for it are named, and it can be done after all', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('h'));
  await swarm.say('create task Two id=bee deps=h');
  await swarm.say('create task Three id=cat');
  await swarm.say('run task h');
  await hangs(swarm, 'h');
  const asked = await swarm.propose('cancel task h');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('interrupts 1 run (h)')]);
  const cancelled = await swarm.say('cancel task h');
  expect([cancelled.message, cancelled.data]).toEqual([
    'Cancelled h. bee will wait for ever, unless it is given other prerequisites (deps=) or cancelled too. To have it done after all, say: retry task h',
    { tasks: ['h'], stranded: ['bee'] },
  ]);
  const state = await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect(state.tasks['h']).toMatchObject({
    state: 'cancelled',
    assignee: null,
    history: [{ failure: { class: 'stopped' } }],
  });
  expect((await swarm.say('cancel task h')).hint).toBe('To archive it say "archive task …".');
  expect((await swarm.propose('cancel task cat')).message).toBe(
    'Cancelled cat. To have it done after all, say: retry task cat',
  );
  expect((await swarm.propose('cancel all tasks')).message).toBe(
    'Cancelled bee. To have it done after all, say: retry task bee',
  );
  expect((await swarm.say('cancel all tasks')).message).toBe('There is nothing to cancel.');
  expect((await swarm.say('set task cat title=Again')).exit).toBe(0);
  await swarm.say('retry task cat');
  expect((await taskIs(swarm, 'cat', 'done')).tasks['cat']!.title).toBe('Again');
});
