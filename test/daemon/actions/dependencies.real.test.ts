import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

const quick = { DROVER_REHEARSAL_TASK_MS: '20' };

test('[DST-2] a task starts by itself when its prerequisite is done, on top of its commit', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('create task "First" id=t1');
  await swarm.say('create task "Second" id=t2 deps=t1');
  const reply = await swarm.say('run tasks t1, t2 wait=true');
  expect([reply.exit, reply.message]).toEqual([0, '2 tasks done.']);
  const { tasks } = await swarm.state();
  const [first, second] = [tasks['t1']!.run!, tasks['t2']!.run!];
  const gap = Date.parse(second.started_at) - Date.parse(first.ended_at!);
  expect(gap).toBeGreaterThanOrEqual(0);
  expect(swarm.git('merge-base', '--is-ancestor', first.result!.head_commit, second.start_commit)).toBe('');
  expect(swarm.git('log', '--format=%s', `${first.start_commit}..${second.branch}`).split('\n')).toEqual([
    'Task t2: Second',
    'Task t1: First',
  ]);
});

test('[DST-2] several prerequisites are joined, so that the task begins with the work of all of them', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 3 instances');
  for (const id of ['t1', 't2', 't3']) await swarm.say(`create task "Part ${id}" id=${id}`);
  await swarm.say('create task "Whole" id=t4 deps=t1,t2,t3');
  expect((await swarm.say('run tasks t1, t2, t3, t4 wait=true')).exit).toBe(0);
  const { tasks, instances } = await swarm.state();
  const { start_commit, instance } = tasks['t4']!.run!;
  const files = swarm.git('ls-tree', '-r', '--name-only', start_commit).split('\n');
  expect(files).toEqual(expect.arrayContaining(['rehearsal/t1.md', 'rehearsal/t2.md', 'rehearsal/t3.md']));
  expect(readFileSync(join(instances[instance]!.workspace_path, 'rehearsal/t1.md'), 'utf8')).toContain('Part t1');
});

test('[DST-2] prerequisites that contradict each other block what needs both, and a person is told', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 2 instances');
  for (const id of ['t1', 't2']) await swarm.say(`create task "${id} rehearse: conflict same.txt" id=${id}`);
  await swarm.say('create task "Needs both" id=t3 deps=t1,t2');
  await swarm.say('create task "Needs that" id=t4 deps=t3');
  const reply = await swarm.say('run tasks t1, t2, t3 wait=true');
  expect([reply.exit, reply.message]).toEqual([
    1,
    't3 did not get done. t3 cannot start: the branches of its prerequisites conflict in same.txt.',
  ]);
  const state = await swarm.state();
  const reason = 'the branches of its prerequisites conflict in same.txt';
  expect(state.tasks['t3']).toMatchObject({ state: 'blocked', blocked_by: reason, assignee: null, run: null });
  expect(state.tasks['t4']?.state).toBe('open');
  expect(state.alerts['blocked:t3']).toMatchObject({ text: `t3 cannot start: ${reason}`, suggestion: 'show task t3' });
  // The instance that should have begun it is free for other work.
  await swarm.say('create task "Other" id=t5');
  expect((await swarm.say('run task t5 wait=true')).exit).toBe(0);
});

test('work that was left uncommitted by hand is saved on its own branch before the next task takes the worktree', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 1 instances');
  const { instances } = await swarm.state();

  const { workspace_path: worktree, branch_name: branch } = instances['rehearsal-1']!;
  execFileSync('sh', ['-c', 'echo mine > by-hand.txt'], { cwd: worktree });
  await swarm.say('create task "Other" id=t1');
  expect((await swarm.say('run task t1 wait=true')).exit).toBe(0);
  expect(swarm.git('show', `${branch}:by-hand.txt`)).toBe('mine');
  expect(swarm.git('log', '-1', '--format=%s', branch)).toBe('WIP of rehearsal-1 before t1');
  const { tasks } = await until(swarm, (state) => state.tasks['t1']?.state === 'done');
  expect(swarm.git('ls-tree', '--name-only', tasks['t1']!.run!.branch)).not.toContain('by-hand.txt');
});
