import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { taskIs } from '../stage.ts';

test('a failed task is tried again with its alert put away; a merged one is not', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant check="test -f made"');
  expect((await swarm.say('retry failed tasks')).message).toBe('No task is failed.');
  const failed = await swarm.say('run task ant wait=true');
  expect([failed.exit, failed.message]).toEqual([
    1,
    expect.stringMatching(/^ant did not get done\. ant failed \(check\): /u),
  ]);
  expect((await swarm.say('list alerts')).data).toMatchObject([{ id: 'failed:ant' }]);
  expect((await swarm.say('show result ant')).message).toContain('failed (check)');
  await swarm.say('set task ant check=true');
  expect((await swarm.say('retry failed tasks')).message).toBe('Retrying ant.');
  const state = await taskIs(swarm, 'ant', 'done');
  expect([state.tasks['ant']!.attempts, Object.keys(state.alerts)]).toEqual([2, []]);
  expect((await swarm.say('show result ant')).message).toContain('1 commit,');
  await swarm.say('merge completed branches');
  const merged = await swarm.say('retry task ant');
  expect([merged.exit, merged.message]).toEqual([6, 'ant is merged; it cannot be run again now.']);
  await swarm.say('stop all instances');
  await swarm.say('create task Two id=bee');
  expect((await swarm.say('retry task bee')).message).toContain('No instance is there to do it');
});
