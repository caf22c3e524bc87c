import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { instanceIs, taskIs, until, worktreeAt } from '../../commands/stage.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const headAt = (swarm: Swarm, name: string): string =>
  execFileSync('git', ['rev-parse', 'HEAD'], { cwd: worktreeAt(swarm, name), env: swarm.env, encoding: 'utf8' }).trim();

const merged = async (swarm: Swarm): Promise<string> => {
  await swarm.say('launch 2 instances');
  await Promise.all(['rehearsal-1', 'rehearsal-2'].map((id) => instanceIs(swarm, id, 'idle')));
  await swarm.say('create task One id=ant');
  await swarm.say('run task ant on=rehearsal-1');
  await taskIs(swarm, 'ant', 'done');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  return swarm.git('rev-parse', 'drover/integration');
};

test('when a batch has moved the integration branch, a worktree at rest has it, and verified work stays as it is', async () => {
  await using swarm = await openSwarm();
  const tip = await merged(swarm);
  const state = await until(swarm, ({ instances }) => instances['rehearsal-2']?.sync?.status === 'updated');
  expect(headAt(swarm, 'rehearsal-2')).toBe(tip);
  expect(headAt(swarm, 'rehearsal-1')).toBe(state.tasks['ant']!.run!.result!.head_commit);
  expect(swarm.git('status', '--porcelain')).toBe('');
});

test('with sync.policy off nothing moves by itself', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', sync: { policy: 'off' } } });
  const before = swarm.git('rev-parse', 'main');
  await merged(swarm);
  expect(await swarm.say('sync worktree rehearsal-2 dry-run')).toMatchObject({ data: { results: [{ applied: 2 }] } });
  expect(headAt(swarm, 'rehearsal-2')).toBe(before);
  expect((await swarm.state()).instances['rehearsal-2']!.sync).toBeUndefined();
});
