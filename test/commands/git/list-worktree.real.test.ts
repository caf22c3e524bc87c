import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('the worktrees of the swarm are listed with what is uncommitted there, and the others are counted', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create worktree calm');
  await swarm.say('create worktree hectic');
  writeFileSync(join(swarm.paths.worktrees, 'hectic', 'idea'), 'good');
  const { message, data, text } = await swarm.say('list worktrees');
  expect(message).toBe(
    '2 worktrees, 1 with uncommitted work (hectic: 1 path); 1 other of your own, the checkout included.',
  );
  expect(data).toMatchObject([
    { name: 'calm', kind: 'own', dirty: 0, instance: null },
    { name: 'hectic', kind: 'own', branch: 'drover/hectic', dirty: 1 },
  ]);
  expect(text).toMatch(/^hectic +● 1 uncommitted/m);
  expect((await swarm.say('list worktrees detailed')).text).toMatch(/^hectic .*\n {4}path: .*\/hectic$/m);
  expect((await swarm.say('list worktrees limit=1')).data).toHaveLength(1);
  expect(await swarm.say('list worktrees limit=0')).toMatchObject({ exit: 2, data: { code: 'command/bad-parameter' } });
});
