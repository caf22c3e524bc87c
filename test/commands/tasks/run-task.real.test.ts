import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, history, taskIs } from '../stage.ts';

test('"run all ready tasks" launches an agent when there is none, and what becomes ready follows', async () => {
  await using swarm = await openSwarm();
  expect(await swarm.say('run all ready tasks')).toMatchObject({
    exit: 6,
    message: 'No task can be run: none is open.',
  });
  await swarm.say('create task One id=ant');
  await swarm.say('create task Two id=bee deps=ant');
  await swarm.say('create task Three id=cat deps=bee');
  const reply = await swarm.say('run all ready tasks');
  expect(reply.message).toBe('1 task starts, 2 follow as prerequisites finish; launched rehearsal-1.');
  expect(reply.data).toEqual({ tasks: ['ant', 'bee', 'cat'], launched: ['rehearsal-1'] });
  expect((await swarm.say('run all tasks wait=true')).exit).toBe(0);
  expect((await swarm.say('list unmerged tasks')).data).toMatchObject([{ id: 'ant' }, { id: 'bee' }, { id: 'cat' }]);
  expect((await swarm.say('run task ant')).message).toBe(
    'ant is done; only an open, failed or blocked task can be run.',
  );
});

test('a task that waits for others is not run alone, and the hint runs them all', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant');
  await swarm.say('create task Two id=bee deps=ant');
  const before = await history(swarm);
  const blocked = await swarm.say('run task bee');
  expect([blocked.exit, blocked.message]).toEqual([6, 'bee is blocked; it waits for ant.']);
  expect(await history(swarm)).toEqual(before);
  const text = /say: (?<text>run task .*)$/.exec(blocked.hint!)!.groups!['text']!;
  expect((await swarm.say(`${text} wait=true`)).message).toBe('2 tasks done.');
});

test('who waits for tasks is answered as soon as none of them can go on', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant check=false');
  await swarm.say('create task Two id=bee deps=ant');
  await swarm.say('create task Three id=cat deps=bee');
  await swarm.say('create task Four id=dog');
  const reply = await swarm.say('run all ready tasks wait=true');
  expect([reply.exit, reply.message]).toEqual([
    1,
    expect.stringMatching(/^ant, bee, cat did not get done\. ant failed .* bee waits for ant: .* cat waits for ant: /u),
  ]);
  expect((await swarm.say('list alerts')).data).toMatchObject([{ id: 'failed:ant', suggestion: 'show failure "ant"' }]);
  await swarm.say('set task ant check=true');
  expect((await swarm.say('run failed tasks wait=true')).exit).toBe(0);
  expect((await swarm.state()).alerts).toEqual({});
});

test('waiting ends when nobody is left to do the work', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('h'));
  const running = swarm.say('run task h wait=true');
  await taskIs(swarm, 'h', 'running');
  await swarm.say('stop all instances');
  expect(await running).toMatchObject({
    exit: 1,
    message: expect.stringMatching(/^h did not get done\. .*rehearsal-1 was stopped/u),
  });
});

test('"run next task" takes the first that is ready, in the order of the plan', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task Ten id=10');
  await swarm.say('create task Nine id=9.1');
  await swarm.say('create task Two id=2.1 deps=10');
  expect((await swarm.say('list tasks')).data).toMatchObject([{ id: '2.1' }, { id: '9.1' }, { id: '10' }]);
  expect((await swarm.say('run next task')).data).toMatchObject({ tasks: ['9.1'] });
});

test('a task runs on the instance that is named, and with an agent that is known', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  await swarm.say('create task One id=ant');
  expect((await swarm.say('run task ant agent=nobody')).exit).toBe(3);
  await swarm.say('run task ant on=rehearsal-2 wait=true');
  expect((await swarm.state()).tasks['ant']!.run!.instance).toBe('rehearsal-2');
  expect((await swarm.say('run task bee on=rehearsal-2')).exit).toBe(3);
});
