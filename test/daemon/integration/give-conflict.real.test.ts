import { expect, test } from 'vitest';
import { until } from '../../commands/stage.ts';
import { markedCommits, openConflict } from '../../helpers/conflict-stage.ts';
import { openSwarm } from '../../helpers/swarm.ts';

test('[GIT-5] an agent’s own commit with the marker of a conflict fails its task with file and line; markers that were there before do not', async () => {
  const shown = 'How git marks it:\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n';
  await using swarm = await openSwarm({
    env: { DROVER_REHEARSAL_TASK_MS: '20' },
    files: { 'docs/markers.txt': shown },
  });
  await swarm.say('launch 2 instances');
  await swarm.say('create task "rehearse: markers src/list.txt" id=t1');
  await swarm.say('create task "rehearse: write docs/markers.txt" id=t2');
  await swarm.say('run tasks t1, t2 wait=true');
  const { tasks } = await swarm.state();
  expect(tasks['t1']).toMatchObject({
    state: 'failed',
    run: {
      failure: {
        class: 'conflict',
        message: 'the marker of a conflict is committed: src/list.txt line 2, src/list.txt line 6',
      },
    },
  });
  expect(tasks['t2']!.state).toBe('done');
});

test('[GIT-5] a conflict can be given to another agent, which makes it fit on its branch', async () => {
  await using swarm = await openConflict(['src/app.txt']);
  await swarm.say('merge completed branches');
  const { task } = (await swarm.state()).batches['batch-1']!.set_aside[0]!;
  const author = (await swarm.state()).tasks[task]!.run!.instance;
  const other = author === 'rehearsal-1' ? 'rehearsal-2' : 'rehearsal-1';
  expect((await swarm.say(`resolve conflict ${task} agent=${other} theirs`)).exit).toBe(2);
  expect((await swarm.say(`resolve conflict ${task} agent=nobody`)).exit).toBe(3);
  const reply = await swarm.say(`resolve conflict ${task} agent=${other}`);
  expect([reply.exit, reply.message]).toEqual([
    0,
    `${task} goes to ${other}, which makes it fit on its branch; when that is verified it is merged by itself.`,
  ]);
  const state = await until(swarm, (now) => now.batches['batch-2']?.state === 'finished');
  expect(state.tasks[task]).toMatchObject({ batch: 'batch-2', run: { instance: other } });
  expect(markedCommits(swarm)).toEqual([]);
});
