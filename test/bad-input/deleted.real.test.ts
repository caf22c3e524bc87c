import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { eventually } from './program.ts';

const LONG = { DROVER_REHEARSAL_TASK_MS: '60000' };

const atWork = async (swarm: Swarm): Promise<void> => {
  await swarm.say('create task "Say hello" id=demo-1');
  await swarm.say('launch 1 instance');
  await swarm.say('run task demo-1');
  await eventually(async () => (await swarm.state()).tasks['demo-1']?.state === 'running');
};

test('an instance whose worktree was deleted gives its next task back, says why, and is made again by a restart', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "Say hello" id=demo-1');
  await swarm.say('launch 1 instance');
  const worktree = `${swarm.paths.worktrees}/rehearsal-1`;
  rmSync(worktree, { recursive: true });
  await swarm.say('run task demo-1');
  await eventually(async () => (await swarm.state()).instances['rehearsal-1']?.state.kind === 'lost');
  const { alerts, tasks } = await swarm.state();
  expect(tasks['demo-1']).toMatchObject({ state: 'open', requested: true });
  expect(alerts['instance:rehearsal-1']).toMatchObject({
    text: `rehearsal-1 is lost: the worktree "${worktree}" is gone. Restart its instance, which makes it again from its branch.`,
    suggestion: 'restart instance rehearsal-1',
  });
  expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 0 });
  await eventually(async () => (await swarm.state()).tasks['demo-1']?.state === 'done');
});

test('an instance whose worktree was deleted can be stopped and removed', async () => {
  await using swarm = await openSwarm({ env: LONG });
  await atWork(swarm);
  rmSync(`${swarm.paths.worktrees}/rehearsal-1`, { recursive: true });
  expect(await swarm.say('stop instance rehearsal-1')).toMatchObject({ exit: 0 });
  expect((await swarm.state()).instances['rehearsal-1']?.state.kind).toBe('stopped');
  expect(await swarm.say('remove instance rehearsal-1')).toMatchObject({ exit: 0 });
  expect((await swarm.state()).instances).toEqual({});
  expect(swarm.tmux('list-sessions')).toBe('');
});

test('the branch of a task that somebody deletes before the merge is still merged: the work is known by its commit', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "Say hello" id=demo-1');
  expect(await swarm.say('run task demo-1 wait=true')).toMatchObject({ exit: 0 });
  swarm.git('update-ref', '-d', 'refs/heads/feature/demo-1-say-hello');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  expect(swarm.git('log', '--format=%s', '-1', 'drover/integration')).toBe('Merge demo-1: Say hello');
});

test('the worktree and the branch of the integration may be deleted between two batches', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "Say hello" id=demo-1');
  await swarm.say('create task "Say more" id=demo-2');
  expect(await swarm.say('run task demo-1 wait=true')).toMatchObject({ exit: 0 });
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  rmSync(`${swarm.paths.worktrees}/integration`, { recursive: true });
  expect(await swarm.say('run task demo-2 wait=true')).toMatchObject({ exit: 0 });
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  expect(swarm.git('log', '--first-parent', '--format=%s', 'drover/integration').split('\n')).toEqual([
    'Merge demo-2: Say more',
    'Merge demo-1: Say hello',
    'first',
  ]);
});

test('a branch that was moved by hand while its task ran is not called done', async () => {
  await using swarm = await openSwarm({ env: LONG });
  await atWork(swarm);
  const worktree = `${swarm.paths.worktrees}/rehearsal-1`;
  swarm.git('-C', worktree, 'switch', '-q', '--detach');
  swarm.tmux('send-keys', '-t', '=r-rehearsal-1:', 'C-c');
  writeFileSync(join(worktree, 'left.txt'), 'mine\n');
  expect(await swarm.say('stop instance rehearsal-1')).toMatchObject({ exit: 0 });
  const { tasks } = await swarm.state();
  expect(tasks['demo-1']?.state).not.toBe('done');
  expect(swarm.git('log', '--all', '--format=%s')).toContain('first');
});
