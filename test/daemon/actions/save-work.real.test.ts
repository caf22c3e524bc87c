import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hang, hangs, instanceIs, QUICK, until, worktreeAt } from '../../commands/stage.ts';
import { markedCommits } from '../../helpers/conflict-stage.ts';
import { openSwarm } from '../../helpers/swarm.ts';

test.each(['release', 'main'])(
  '[SEC-7] what an agent leaves on the person’s branch %s comes into the archive, not onto the branch',
  async (branch) => {
    await using swarm = await openSwarm();
    swarm.git('branch', 'release');
    await swarm.say('launch 1 instance');
    const { workspace_path: worktree } = (await swarm.state()).instances['rehearsal-1']!;
    const before = swarm.git('rev-parse', branch);
    execFileSync('git', ['-C', worktree, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`], { env: swarm.env });
    writeFileSync(join(worktree, 'sneaky'), 'x\n');
    expect((await swarm.say('stop instance rehearsal-1')).exit).toBe(0);
    expect(swarm.git('rev-parse', branch)).toBe(before);
    const kept = swarm.git('for-each-ref', '--format=%(refname)', 'refs/drover/archive/').split('\n');
    expect(kept.map((ref) => swarm.git('show', `${ref}:sneaky`))).toContain('x');
    expect((await swarm.say('remove instance rehearsal-1')).exit).toBe(0);
  },
);

test('[GIT-5] what is saved in the middle of a merge may have markers, and is verified by nobody until they are gone', async () => {
  await using swarm = await openSwarm({ files: { 'a.txt': 'base\n' }, env: QUICK });
  await swarm.say(hang('t1'));
  await swarm.say('run task t1');
  await hangs(swarm, 't1');
  const worktree = worktreeAt(swarm, 'rehearsal-1');
  const commit = (text: string): string => {
    writeFileSync(join(worktree, 'a.txt'), text);
    swarm.git('-C', worktree, 'commit', '-q', '-a', '-m', text);
    return swarm.git('-C', worktree, 'rev-parse', 'HEAD');
  };
  const theirs = commit('theirs\n');
  swarm.git('-C', worktree, 'reset', '-q', '--hard', 'HEAD~1');
  commit('ours\n');
  expect(spawnSync('git', ['-C', worktree, 'merge', theirs], { env: swarm.env }).status).toBe(1);
  await swarm.say('stop instance rehearsal-1');
  expect(markedCommits(swarm)).toHaveLength(1);
  await swarm.say('restart instance rehearsal-1');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  await swarm.say('run task t1 on=rehearsal-1');
  await until(swarm, ({ tasks }) => tasks['t1']!.attempts === 2 && tasks['t1']!.run!.progress === 10);
  await swarm.say('report result "done" id=t1');
  const { tasks } = await until(swarm, (state) => state.tasks['t1']!.state === 'failed');
  expect(tasks['t1']!.run!.failure).toMatchObject({
    class: 'conflict',
    message: expect.stringContaining('the marker of a conflict is committed: a.txt line 1'),
  });
  await swarm.say('merge completed branches');
  expect((await swarm.state()).batches).toEqual({});
});

test('a task that commits a .gitmodules with which git ends everywhere fails, and says so', async () => {
  await using swarm = await openSwarm({ env: QUICK });
  await swarm.say(hang('t1'));
  await swarm.say('run task t1');
  await hangs(swarm, 't1');
  const worktree = worktreeAt(swarm, 'rehearsal-1');
  writeFileSync(join(worktree, '.gitmodules'), '[submodule "a"]\n\tpath = a\n\turl = ./a\n\tupdate = bogus\n');
  swarm.git('-C', worktree, 'add', '.gitmodules');
  swarm.git('-C', worktree, 'commit', '-q', '-m', 'modules');
  await swarm.say('report result "done" id=t1');
  const { tasks } = await until(swarm, ({ tasks: { t1 } }) => t1!.state === 'failed' || t1!.state === 'done');
  expect(tasks['t1']!.run!.failure).toMatchObject({
    message: expect.stringContaining("git takes: fatal: invalid value for 'submodule.a.update'"),
  });
});

test.each([
  ['rebase', 'rehearsal-1'],
  ['merge', 'of-the-agent'],
  ['am', 'rehearsal-1'],
])(
  'a %s in the middle stays as it is when its agent is stopped, and what is there comes into the archive',
  async (verb, branch) => {
    await using swarm = await openSwarm({ files: { 'a.txt': 'base\n' } });
    await swarm.say('launch 1 instance');
    const worktree = worktreeAt(swarm, 'rehearsal-1');
    const inside = (...args: readonly string[]): string => swarm.git('-C', worktree, ...args);
    const commit = (text: string): string => {
      writeFileSync(join(worktree, 'a.txt'), text);
      inside('commit', '-q', '-a', '-m', text);
      return inside('rev-parse', 'HEAD');
    };
    const onto = commit('theirs\n');
    const input = inside('format-patch', '-1', '--stdout');
    inside('reset', '-q', '--hard', 'HEAD~1');
    // Of a branch that nobody gave to it an agent is not known to be the owner.
    if (branch !== 'rehearsal-1') inside('checkout', '-q', '-b', branch);
    commit('ours\n');
    const words = verb === 'am' ? ['am', '--3way'] : [verb, onto];
    expect(spawnSync('git', ['-C', worktree, ...words], { env: swarm.env, input: `${input}\n` }).status).not.toBe(0);
    const before = inside('status', '--porcelain=v2', '--branch');
    expect((await swarm.say('stop instance rehearsal-1')).exit).toBe(0);
    expect(inside('status', '--porcelain=v2', '--branch')).toBe(before);
    expect(swarm.git('show', 'refs/drover/archive/rehearsal-1:a.txt')).toContain('<<<<<<<');
    inside('checkout', '--theirs', 'a.txt');
    inside('add', 'a.txt');
    inside('-c', 'core.editor=true', verb, '--continue');
    expect(inside('log', '--format=%s').split('\n')).toContain('theirs');
  },
);
