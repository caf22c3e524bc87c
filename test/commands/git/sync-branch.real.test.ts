import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { instanceIs, taskIs } from '../stage.ts';

test('only the branch that is named moves; one that is unknown, or holds verified work, does not', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  await swarm.say('create branch feature/x');
  await swarm.say('create branch feature/y');
  const before = swarm.git('rev-parse', 'main');
  swarm.git('commit', '-q', '--allow-empty', '-m', 'second');
  const reply = await swarm.say('git sync branch feature/x');
  expect(reply).toMatchObject({
    exit: 0,
    data: { results: [{ worktree: null, branch: 'feature/x', status: 'updated' }] },
  });
  expect(swarm.git('rev-parse', 'feature/x', 'feature/y').split('\n')).toEqual([
    swarm.git('rev-parse', 'main'),
    before,
  ]);
  expect(await swarm.say('sync branch feature/none')).toMatchObject({ exit: 3 });
  await swarm.say('create task One id=ant');
  await swarm.say('run task ant');
  const { branch, result } = (await taskIs(swarm, 'ant', 'done')).tasks['ant']!.run!;
  swarm.git('commit', '-q', '--allow-empty', '-m', 'third');
  const kept = await swarm.say(`sync branch ${branch}`);
  expect([kept.exit, kept.message]).toEqual([6, expect.stringContaining('it holds the verified work of ant')]);
  expect(swarm.git('rev-parse', branch)).toBe(result!.head_commit);
});
