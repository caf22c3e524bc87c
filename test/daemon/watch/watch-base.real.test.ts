import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hang, hangs, instanceIs, instanceNamed, taskIs, until, worktreeAt } from '../../commands/stage.ts';
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

test('when a person has brought their commits into the integration branch, a worktree at rest has them at once', async () => {
  await using swarm = await openSwarm();
  await merged(swarm);
  await until(swarm, ({ instances }) => instances['rehearsal-2']?.sync?.status === 'updated');
  swarm.git('commit', '-q', '--allow-empty', '-m', 'mine');
  expect(await swarm.say('sync branch drover/integration')).toMatchObject({ exit: 0 });
  const tip = swarm.git('rev-parse', 'drover/integration');
  await until(swarm, ({ instances }) => instances['rehearsal-2']?.sync?.to === tip);
  expect(headAt(swarm, 'rehearsal-2')).toBe(tip);
  expect(swarm.git('log', '--format=%s', tip)).toContain('mine');
});

test('with sync.policy off nothing moves by itself', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', sync: { policy: 'off' } } });
  const before = swarm.git('rev-parse', 'main');
  await merged(swarm);
  expect(await swarm.say('sync worktree rehearsal-2 dry-run')).toMatchObject({ data: { results: [{ applied: 2 }] } });
  expect(headAt(swarm, 'rehearsal-2')).toBe(before);
  expect((await swarm.state()).instances['rehearsal-2']!.sync).toBeUndefined();
});

test('with sync.policy tell an agent at work is told in one line, and its worktree stays as it is', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', sync: { policy: 'tell' } } });
  await swarm.say('launch 2 instances');
  await instanceIs(swarm, 'rehearsal-2', 'idle');
  await swarm.say(hang('bee'));
  await swarm.say('run task bee on=rehearsal-2');
  await hangs(swarm, 'bee');
  const before = headAt(swarm, 'rehearsal-2');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  await swarm.say('create task One id=ant');
  await swarm.say('run task ant on=rehearsal-1');
  await taskIs(swarm, 'ant', 'done');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  const tip = swarm.git('rev-parse', 'drover/integration').slice(0, 10);
  const { pane } = await instanceNamed(swarm, 'rehearsal-2');
  await expect
    .poll(() => swarm.tmux('capture-pane', '-p', '-J', '-t', pane!))
    .toContain(`drover/integration has moved to ${tip}. When your work is committed, say: git merge ${tip}`);
  expect(headAt(swarm, 'rehearsal-2')).toBe(before);
});

test('a sync that was cut off with its daemon is taken back by the next one', async () => {
  const settings = { agent: 'rehearsal', sync: { policy: 'off' } };
  await using swarm = await openSwarm({ settings, files: { 'a.txt': 'one\n' } });
  await swarm.say('launch 1 instance');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  const worktree = worktreeAt(swarm, 'rehearsal-1');
  const from = headAt(swarm, 'rehearsal-1');
  writeFileSync(join(swarm.root, 'a.txt'), 'two\n');
  swarm.git('commit', '-qam', 'two');
  await swarm.close();
  const notes = join(swarm.root, '.git/drover/advancing');
  mkdirSync(notes, { recursive: true });
  const branch = 'drover/rehearsal-1';
  writeFileSync(join(notes, 'x.json'), JSON.stringify({ worktree, branch, from, to: swarm.git('rev-parse', 'HEAD') }));
  writeFileSync(join(worktree, 'a.txt'), 'two\n');
  await swarm.reopen();
  expect(swarm.log).toContainEqual(expect.stringContaining('was cut off, and is at an end now'));
  expect(headAt(swarm, 'rehearsal-1')).toBe(from);
  expect(swarm.git('-C', worktree, 'status', '--porcelain')).toBe('');
});
