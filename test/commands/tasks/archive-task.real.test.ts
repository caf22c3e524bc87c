import { expect, test } from 'vitest';
import type { Task } from '../../../src/state/tasks.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, shell, taskIs } from '../stage.ts';

const ids = (data: unknown): string[] => (data as Task[]).map((task) => task.id);

test('[TSK-1] archived tasks are out of lists and are not run, nothing of them is lost, and they come back', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant');
  await swarm.say('create task Two id=bee deps=ant');
  const needed = await swarm.say('archive task ant');
  expect([needed.exit, needed.message]).toEqual([6, 'ant is open; bee waits for it.']);
  expect((await swarm.say('archive tasks ant, bee')).data).toEqual(['ant', 'bee']);
  expect((await swarm.say('archive task ant')).message).toBe('They are archived already.');
  expect((await swarm.say('list tasks')).data).toEqual([]);
  expect(ids((await swarm.say('list archived tasks')).data)).toEqual(['ant', 'bee']);
  expect((await shell(swarm, ['tasks', 'list', '--archived'])).stdout).toContain('archived');
  expect((await swarm.say('show task ant')).text).toMatch(/^state: +archived$/mu);
  expect((await swarm.say('retry task ant')).message).toContain('ant is archived');
  expect((await swarm.say('run task ant')).hint).toBe('To do it once more, first: unarchive task "ant"');
  expect((await swarm.say('run all tasks')).exit).toBe(6);
  expect((await swarm.say('unarchive all tasks')).data).toEqual(['ant', 'bee']);
  expect((await swarm.say('unarchive task ant')).message).toBe('They are not archived.');
  await swarm.say('run task ant wait=true');
  expect((await swarm.say('archive completed tasks')).data).toEqual(['ant']);
  await swarm.say(hang('h'));
  await swarm.say('run task h');
  await taskIs(swarm, 'h', 'running');
  expect((await swarm.say('archive task h')).hint).toBe('First say: stop task h');
  await swarm.say('create task Last id=zed');
  await swarm.say('archive task zed');
  expect((await swarm.say('assign task zed to rehearsal-1')).message).toBe('zed is archived; it is not run.');
});
