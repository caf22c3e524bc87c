import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

test('[GIT-11] what is sent back while its batch is judged is left out of it, also when it is done again before the gate ends', async () => {
  const env = { DROVER_REHEARSAL_TASK_MS: '20' };
  const go = '"$(git rev-parse --git-common-dir)"/go';
  const merge = `for i in $(seq 4000); do test -e ${go} && exit 0; sleep 0.05; done; exit 1`;
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', checks: { merge } } });
  await swarm.say('launch 2 instances');
  await swarm.say('create task One id=t1');
  await swarm.say('create task Two id=t2');
  await swarm.say('run all tasks wait=true');
  const batch = swarm.say('merge completed branches');
  await until(swarm, ({ batches }) => batches['batch-1']?.step?.kind === 'gate');
  expect((await swarm.say('return task t2 "more"')).message).toContain('batch-1, which is under way, leaves t2 out.');
  await until(swarm, ({ tasks }) => tasks['t2']?.state === 'done' && tasks['t2'].attempts === 2);
  expect((await swarm.say('show integration batch-1')).message).toContain(
    'left out   t2  its work has gone on since the batch took it',
  );
  writeFileSync(join(swarm.root, '.git', 'go'), '');
  expect((await batch).message).toContain('1 branch merged into drover/integration, 1 set aside: t2');
  const { tasks, batches } = await swarm.state();
  expect(tasks['t2']).toMatchObject({ state: 'done', batch: null });
  expect(batches['batch-1']!.set_aside).toMatchObject([{ task: 't2', reason: 'withdrawn' }]);
});
