import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const quick = { DROVER_REHEARSAL_TASK_MS: '20' };

const worktreeOf = async (swarm: Swarm): Promise<string> =>
  (await swarm.state()).instances['rehearsal-1']!.workspace_path;
const archived = (swarm: Swarm): string[] =>
  swarm
    .git('for-each-ref', '--format=%(refname)', 'refs/drover/archive')
    .split('\n')
    .filter((ref) => ref !== '');
const runOf = async (swarm: Swarm, id: string) => (await swarm.state()).tasks[id]!.run!;
const filesOf = (swarm: Swarm, ref: string): string[] => swarm.git('ls-tree', '-r', '--name-only', ref).split('\n');

test('what was left over on the branch of verified work is kept in the archive, and the branch stays where it was', async () => {
  await using swarm = await openSwarm({ env: quick });
  for (const id of ['t1', 't2', 't3']) await swarm.say(`create task "Task ${id}" id=${id}`);
  await swarm.say('run task t1 wait=true');
  const first = await runOf(swarm, 't1');
  const worktree = await worktreeOf(swarm);
  // As a checkout leaves it that was killed half-way: files of another commit, and its lock.
  writeFileSync(join(worktree, 'half.txt'), 'half');
  writeFileSync(join(worktree, 'rehearsal/t1.md'), 'of another commit');
  const gitDir = execFileSync('git', ['rev-parse', '--absolute-git-dir'], { cwd: worktree, encoding: 'utf8' }).trim();
  writeFileSync(join(gitDir, 'index.lock'), '');
  expect((await swarm.say('run task t2 wait=true')).exit).toBe(0);
  expect(swarm.git('rev-parse', first.branch)).toBe(first.result!.head_commit);
  expect(archived(swarm)).toEqual(['refs/drover/archive/rehearsal-1']);
  expect(filesOf(swarm, 'refs/drover/archive/rehearsal-1')).toContain('half.txt');
  expect(swarm.git('log', '-1', '--format=%s', 'refs/drover/archive/rehearsal-1')).toBe('WIP of rehearsal-1 before t2');
  expect(filesOf(swarm, (await runOf(swarm, 't2')).branch)).not.toContain('half.txt');

  // The same where nothing at all is checked out.
  swarm.git('-C', worktree, 'checkout', '-q', '--detach');
  writeFileSync(join(worktree, 'more.txt'), 'more');
  expect((await swarm.say('run task t3 wait=true')).exit).toBe(0);
  expect(archived(swarm)).toHaveLength(2);
  expect(filesOf(swarm, 'refs/drover/archive/rehearsal-1-2')).toContain('more.txt');
  expect(existsSync(join(worktree, 'more.txt'))).toBe(false);
  expect(swarm.log.some((line) => /^saved uncommitted work of rehearsal-1 as \w+, in the archive$/u.test(line))).toBe(
    true,
  );
});

test('what was left over of a run that failed is saved on the branch of that run', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('create task "One" id=t1 description="rehearse: dirty"');
  await swarm.say('create task "Two" id=t2');
  expect((await swarm.say('run task t1 wait=true')).exit).toBe(1);
  expect((await swarm.say('run task t2 wait=true')).exit).toBe(0);
  expect(archived(swarm)).toEqual([]);
  expect(filesOf(swarm, (await runOf(swarm, 't1')).branch)).toContain('rehearsal/t1.left-over');
});
