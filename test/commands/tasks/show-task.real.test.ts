import { expect, test } from 'vitest';
import { showTask } from '../../../src/commands/tasks/show-task.ts';
import { openDesk } from '../../helpers/desk.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { created } from '../../tasks/journal.ts';
import { hang, hangs, taskIs } from '../stage.ts';

test('[TSK-1] a task is shown with its criteria, all its runs, what it needs and what it waits for', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task Base id=base');
  await swarm.say(
    'create task One id=ant check="test -f made" criteria="it works" capabilities=rust description="in short"',
  );
  await swarm.say('run task ant wait=true');
  await swarm.say('set task ant check=true');
  await swarm.say('retry task ant');
  await taskIs(swarm, 'ant', 'done');
  const { text } = await swarm.say('show task ant');
  expect(text).toMatch(
    /runs:\n- 1\. rehearsal-1 on .*: failed: check, .*\n- 2\. rehearsal-1 on .*: 1 commit, \d+ files?, /,
  );
  expect(text).toContain('criteria:\n- it works');
  expect(text).toMatch(/progress: +100%/);
  expect(text).toMatch(/needs: +rust/);
  expect(text).toMatch(/elapsed: +\d/);
  await swarm.say('create task Two id=bee deps=ant,base');
  await swarm.say('remove task base force');
  await swarm.say(hang('h'));
  await swarm.say('assign task h to rehearsal-1');
  await hangs(swarm, 'h');
  expect((await swarm.say('show task h')).text).toMatch(/instance: +rehearsal-1 \(pinned\)/);
  expect((await swarm.say('show task bee')).text).toMatch(/after: +ant, base\n[\s\S]*waits for:\n- base Base: ready$/m);
  expect((await swarm.say('show task ant')).text).toMatch(/before: +bee/);
});

test('a task that is not there is an error, and so are two at once', async () => {
  const desk = openDesk(showTask, [created('ant')]);
  const refused: [string, number, string][] = [
    ['show tasks ant, bee', 2, 'This takes one task'],
    ['show task bee', 3, 'There is no task "bee".'],
  ];
  for (const [text, exit, message] of refused) {
    const reply = await desk.say(text);
    expect([text, reply.exit, reply.message]).toEqual([text, exit, expect.stringContaining(message)]);
  }
  expect(desk.recorded()).toEqual([]);
});
