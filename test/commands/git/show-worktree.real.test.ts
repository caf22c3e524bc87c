import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('a worktree is shown with its branch and its uncommitted paths; one that is not there is an error', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create worktree scratch');
  writeFileSync(join(swarm.paths.worktrees, 'scratch', 'idea'), 'good');
  const shown = await swarm.say('show worktree scratch');
  expect(shown.message).toBe('scratch: drover/scratch, 1 path with uncommitted work.');
  expect(shown.data).toMatchObject({ kind: 'own', uncommitted: ['idea'], instance: null });
  expect(shown.text).toMatch(/^path: +.*\/scratch\n[\s\S]*^ {2}idea$/m);
  for (let i = 0; i < 60; i += 1) writeFileSync(join(swarm.paths.worktrees, 'scratch', `note-${i}`), 'x');
  expect((await swarm.say('show worktree scratch')).text).toMatch(
    / {2}and 21 more; all of them: show worktree scratch detailed$/u,
  );
  expect((await swarm.say('show worktree scratch detailed')).text.match(/^ {2}note-\d+$/gmu)).toHaveLength(60);
  const unknown = await swarm.say('show worktree scrach');
  expect([unknown.exit, unknown.hint]).toEqual([3, 'Did you mean scratch? Known: scratch.']);
});
