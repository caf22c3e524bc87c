import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { history, until } from '../stage.ts';

test('[INS-1] "launch 3" makes three instances, each with a worktree, a branch, a session and a colour', async () => {
  await using swarm = await openSwarm();
  const reply = await swarm.say('launch 3');
  expect(reply.message).toMatch(
    /^Launched 3 instances: rehearsal-1 \(\w+\), rehearsal-2 \(\w+\), rehearsal-3 \(\w+\)\.$/,
  );
  expect(swarm.git('worktree', 'list').split('\n').length).toBe(4);
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}').split('\n')).toEqual([
    'r-rehearsal-1',
    'r-rehearsal-2',
    'r-rehearsal-3',
  ]);
  expect(swarm.git('branch', '--list', 'drover/*', '--format=%(refname:short)').split('\n').length).toBe(3);
  const themes = Object.values((await swarm.state()).instances).map((one) => one.peacock_theme.color_name);
  expect(new Set(themes).size).toBe(3);
  expect(reply.sideEffects).toContain('session r-rehearsal-3');
});

test('a launch beyond the limit is refused, names the setting and starts none', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', limits: { maxInstances: 2 } } });
  const before = await history(swarm);
  const reply = await swarm.say('launch 3 instances');
  expect([reply.exit, reply.message]).toEqual([6, '3 more instances would make 3; limits.maxInstances is 2.']);
  expect(await history(swarm)).toEqual(before);
  expect((await swarm.say('launch 100000 instances')).exit).toBe(6);
  await swarm.say('launch 2 instances');
  await swarm.say('stop instance rehearsal-1');
  await swarm.say('launch 1 instance');
  const again = await swarm.say('restart instance rehearsal-1');
  expect([again.exit, again.message]).toEqual([6, expect.stringContaining('limits.maxInstances is 2')]);
});

test('an agent that is not known, or whose program is missing, is named with what to do', async () => {
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', agents: { ghost: { command: ['/nowhere/ghost'] } } },
  });
  const unknown = await swarm.say('launch 1 instance agent=rehersal');
  expect([unknown.exit, unknown.hint]).toEqual([3, 'Did you mean "rehearsal"?']);
  const missing = await swarm.say('launch 1 instance agent=ghost');
  expect([missing.exit, missing.message]).toEqual([3, 'The program of ghost, "/nowhere/ghost", is not in PATH.']);
  expect((await swarm.say('list instances')).data).toEqual([]);
});

test('a session of somebody else with the name of an instance is left alone, and nothing is started', async () => {
  await using swarm = await openSwarm();
  swarm.tmux('new-session', '-d', '-s', 'r-rehearsal-2', 'sleep 1000');
  const before = await history(swarm);
  const reply = await swarm.say('launch 2 instances');
  expect([reply.exit, reply.message]).toEqual([
    6,
    'A tmux session called "r-rehearsal-2" exists and is not Drover\'s.',
  ]);
  expect(await history(swarm)).toEqual(before);
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('r-rehearsal-2');
  expect(swarm.git('worktree', 'list').split('\n').length).toBe(1);
});

test('an agent that exits at once has failed, whatever was thought of it before', async () => {
  await using swarm = await openSwarm({ settings: { agents: { brief: { command: ['false'] } } } });
  await swarm.say('launch 1 instance agent=brief');
  await until(swarm, (now) => ['failed', 'lost'].includes(now.instances['brief-1']!.state.kind));
  expect((await swarm.say('status swarm')).message).toMatch(/needs? you: /);
});

test('an instance that cannot be made is reported with why, and the others go on', async () => {
  await using swarm = await openSwarm();
  mkdirSync(`${swarm.paths.worktrees}/rehearsal-2`, { recursive: true });
  writeFileSync(`${swarm.paths.worktrees}/rehearsal-2/mine.txt`, 'not yours');
  const reply = await swarm.say('launch 2 instances');
  expect([reply.exit, reply.message]).toEqual([
    1,
    expect.stringMatching(/^1 instance did not start: rehearsal-2: no worktree can be added at /),
  ]);
  expect((await swarm.state()).instances['rehearsal-1']!.state.kind).toBe('idle');
  expect((await swarm.say('restart instance rehearsal-2')).exit).toBe(1);
  expect(readFileSync(`${swarm.paths.worktrees}/rehearsal-2/mine.txt`, 'utf8')).toBe('not yours');
});

test('a base branch that does not exist is an error and not silently another one', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', branches: { base: 'develop' } } });
  const reply = await swarm.say('launch 1 instance');
  expect([reply.exit, reply.message]).toEqual([3, 'The branch "develop", which branches.base names, does not exist.']);
});
