import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('the branches that Drover made are listed, and those of the person are counted only', async () => {
  await using swarm = await openSwarm();
  swarm.git('branch', 'mine');
  await swarm.say('create worktree look-around');
  const { message, data, text } = await swarm.say('list branches');
  expect(message).toBe('1 branch of the swarm, 0 merged; 2 others of your own.');
  expect(data).toMatchObject([{ branch: 'drover/look-around', kind: 'own', merged: false, task: null }]);
  expect(text).toMatch(/^drover\/look-around +own +- +- +no +\+0 −0/m);
  expect((await swarm.say('list branches detailed')).text).toMatch(
    /^drover\/look-around .*\n {4}worktree: .*\/look-around$/m,
  );
  expect((await swarm.say('list merged branches')).data).toEqual([]);
  expect(await swarm.say('list failed branches')).toMatchObject({ exit: 2, data: { code: 'command/bad-parameter' } });
});
