import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('a batch that is cancelled keeps what it has published, and the rest waits for another one', async () => {
  await using swarm = await openSwarm({
    env: { DROVER_REHEARSAL_TASK_MS: '20' },
    settings: {
      agent: 'rehearsal',
      checks: { merge: 'n=$(cat ../n 2>/dev/null || echo 0); echo $((n+1)) >../n; test $n = 0 || sleep 600' },
      integration: { together: 1 },
    },
  });
  for (const id of ['t1', 't2', 't3']) await swarm.say(`create task "Task ${id}" id=${id}`);
  expect((await swarm.say('run all tasks wait=true')).exit).toBe(0);
  for (const line of ['cancel integration', 'cancel last integration'])
    expect([line, (await swarm.say(line)).exit]).toEqual([line, 3]);
  const answer = swarm.say('merge completed branches');
  await expect.poll(async () => (await swarm.state()).batches['batch-1']?.merged.length).toBe(1);
  await expect
    .poll(async () => (await swarm.say('show integration batch-1')).message)
    .toMatch(/now {8}1 of 3 · t\d · merge runs for \d+s \(since \d\d:\d\d\)/u);
  const cancelled = await swarm.say('cancel integration');
  expect([cancelled.exit, cancelled.message]).toEqual([
    0,
    'batch-1 was cancelled: 1 branch merged, 2 left for another batch.',
  ]);
  expect((await answer).message).toContain('(stopped: the batch was cancelled by cli)');
  const { batches, tasks, alerts } = await swarm.state();
  const { merged, head_commit } = batches['batch-1']!;
  expect(swarm.git('rev-parse', 'drover/integration')).toBe(head_commit);
  expect(Object.values(tasks).filter((task) => task.batch === null && task.state === 'done')).toHaveLength(2);
  expect([merged.length, alerts]).toEqual([1, {}]);
  const integration = join(swarm.paths.worktrees, 'integration');
  expect(existsSync(integration)).toBe(true);
  expect(swarm.git('-C', integration, 'status', '--porcelain', '--branch')).toContain('## drover/integration');
  const again = await swarm.say('cancel integration batch-1');
  expect([again.exit, again.message]).toEqual([6, expect.stringContaining('only a batch that runs can be cancelled')]);
  for (const line of ['cancel integration', 'cancel integration last'])
    expect(await swarm.say(line), line).toMatchObject({ exit: 6, message: 'No batch runs.' });
});
