import { expect, test } from 'vitest';
import { returnTask } from '../../../src/commands/reviews/return-task.ts';
import { takeoverTask } from '../../../src/commands/reviews/takeover-task.ts';
import { openReviewDesk } from './work.ts';

const place = { paths: { worktrees: '/worktrees', key: 'k' } as never, setUp: async () => ({ log: null }) };

test('[GIT-11] taken over, the branch is in a worktree of the person and no agent gets the task', async () => {
  const { desk, moves } = openReviewDesk([takeoverTask, returnTask], place);
  expect(await desk.say('take over t1')).toMatchObject({
    exit: 0,
    data: { task: 't1', path: '/worktrees/t1-by-hand', branch: 'feature/t1' },
  });
  expect(moves).toEqual(['detach /worktrees/claude-1 at c2', 'add /worktrees/t1-by-hand']);
  expect(desk.state.tasks['t1']).toMatchObject({ held: true });
  expect(desk.state.reviews['t1']?.taken_over?.worktree).toBe('/worktrees/t1-by-hand');
  expect(await desk.say('takeover t1')).toMatchObject({ exit: 6 });
  await desk.say('return t1 "go on from here"');
  expect(desk.state.tasks['t1']).toMatchObject({ held: false, state: 'assigned' });
  expect(desk.state.reviews['t1']?.taken_over).toBeNull();
});
