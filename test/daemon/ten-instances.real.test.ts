import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openSwarm } from '../helpers/swarm.ts';

const INSTANCES = 10;
const TASKS = 30;

test('[INS-3] ten instances do thirty tasks, each in its own worktree alone, and the eleventh is refused', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '50..100' } });
  const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();
  await swarm.say(`launch ${INSTANCES} instances`);
  const refused = await swarm.say('launch 1 instance');
  expect([refused.exit, refused.message, refused.hint]).toEqual([
    6,
    expect.stringContaining('10'),
    expect.stringContaining('limits.maxInstances'),
  ]);
  for (let n = 1; n <= TASKS; n += 1) await swarm.say(`create task "Task ${n}" id=t${n}`);
  expect((await swarm.say('run all tasks wait=true')).message).toBe(`${TASKS} tasks done.`);
  const { tasks, instances } = await swarm.state();
  const runs = Object.values(tasks).map((task) => ({ id: task.id, ...task.run! }));
  // Every instance had its share, so all ten were at work beside each other.
  expect(new Set(runs.map((run) => run.instance)).size).toBe(INSTANCES);
  for (const { id, instance, start_commit, result } of runs) {
    const { workspace_path } = instances[instance]!;
    const changed = git(workspace_path, 'diff', '--name-only', `${start_commit}..${result!.head_commit}`).split('\n');
    expect([id, changed]).toEqual([id, [`rehearsal/${id}.md`]]);
  }
  for (const { workspace_path } of Object.values(instances))
    expect(git(workspace_path, 'status', '--porcelain')).toBe('');
  expect(swarm.git('status', '--porcelain')).toBe('');
});
