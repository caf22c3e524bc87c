import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('the tree shows what belongs to each worktree, or to those that are named', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('tree worktrees')).text).toBe('No worktree.');
  await swarm.say('create worktree left');
  await swarm.say('create worktree right');
  const { message, text, data } = await swarm.say('tree worktrees');
  expect([message, data]).toMatchObject(['2 worktrees.', [{ name: 'left', tasks: [] }, { name: 'right' }]]);
  expect(text).toBe(
    ['├─ left (own)', '│  └─ branch drover/left, +0 −0', '└─ right (own)', '   └─ branch drover/right, +0 −0'].join(
      '\n',
    ),
  );
  expect((await swarm.say('tree worktree right')).data).toHaveLength(1);
  expect(await swarm.say('tree worktree middle')).toMatchObject({ exit: 3, hint: 'Known: left, right.' });
});
