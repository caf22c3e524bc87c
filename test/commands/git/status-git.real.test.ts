import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('"git status" says where work starts, what was merged, and how the person’s own checkout is', async () => {
  await using swarm = await openSwarm();
  writeFileSync(join(swarm.root, 'mine'), 'mine');
  const { message, data } = await swarm.say('git status');
  expect(message).toMatch(
    /^Base main at [0-9a-f]{10}; drover\/integration: nothing is merged yet\. Nothing waits to be merged\. Your checkout is on main, 1 path uncommitted\.$/,
  );
  expect(data).toMatchObject({
    base: { branch: 'main', commit: swarm.git('rev-parse', 'main') },
    integration: { branch: 'drover/integration', commit: null, ahead: 0, behind: 0 },
    checkout: { path: swarm.root, branch: 'main', dirty: 1 },
    unmerged: [],
    worktrees: 0,
  });
});

test('"git status" without its base branch is an error', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', branches: { base: 'develop' } } });
  expect(await swarm.say('git status')).toMatchObject({ exit: 3, data: { code: 'branch/no-base' } });
});
