import { expect, test } from 'vitest';
import { approveTask } from '../../../src/commands/reviews/approve-task.ts';
import { returnTask } from '../../../src/commands/reviews/return-task.ts';
import { takeoverTask } from '../../../src/commands/reviews/takeover-task.ts';
import { retryTask } from '../../../src/commands/tasks/retry-task.ts';
import { stopTask } from '../../../src/commands/tasks/stop-task.ts';
import { unarchiveTask } from '../../../src/commands/tasks/unarchive-task.ts';
import { openReviewDesk } from './work.ts';

const place = { paths: { worktrees: '/worktrees', key: 'k' } as never, setUp: async () => ({ log: null }) };

test('[GIT-11] taken over, the branch is in a worktree of the person and no agent gets the task', async () => {
  const { desk, moves } = openReviewDesk([takeoverTask, returnTask], place);
  expect(await desk.say('take over t1')).toMatchObject({
    exit: 0,
    message: expect.stringContaining('approve task t1; or give it back: return task t1 "…"'),
    data: { task: 't1', path: '/worktrees/t1-by-hand', branch: 'feature/t1' },
  });
  expect(moves).toEqual(['detach /worktrees/claude-1 at c2', 'add /worktrees/t1-by-hand']);
  expect(desk.state.tasks['t1']).toMatchObject({ held: true });
  expect(desk.state.reviews['t1']?.taken_over?.worktree).toBe('/worktrees/t1-by-hand');
  expect(await desk.say('takeover t1')).toMatchObject({ exit: 6 });
  expect(await desk.say('return task t1')).toMatchObject({
    exit: 6,
    hint: expect.stringContaining('return task t1 "…"'),
  });
  await desk.say('return t1 "go on from here"');
  expect(desk.state.tasks['t1']).toMatchObject({ held: false, state: 'assigned' });
  expect(desk.state.reviews['t1']?.taken_over).toBeNull();
});

const running = (id: string) =>
  ({ type: 'run.started', data: { id, instance: 'claude-1', branch: 'feature/t1', start_commit: 'c0' } }) as const;

test('[GIT-11] what helps with unfinished work is said for the state that it is in', async () => {
  const { desk } = openReviewDesk([takeoverTask, approveTask, returnTask, stopTask, retryTask, unarchiveTask], place);
  desk.add({ type: 'task.reopened', data: { id: 't1', reason: 'again' } }, running('t1'));
  const waits = {
    exit: 6,
    message: /^t1 is running/u,
    hint: 'Wait until it has ended. How far it is: show task t1',
  };
  for (const line of ['takeover task t1', 'approve task t1', 'return task t1 "more"'])
    expect(await desk.say(line)).toMatchObject(waits);
  await desk.say('stop task t1');
  const { hint } = await desk.say('takeover task t1');
  expect(hint).toBe('Nobody is at it. To have it gone on with, on the branch that there is: retry task t1 prompt="…"');
  desk.add({ type: 'task.archived', data: { id: 't1', archived: true } });
  const archived = await desk.say('takeover task t1');
  expect(archived.hint).toBe('First say: unarchive task t1; then have it gone on with: retry task t1 prompt="…"');
  for (const line of ['unarchive task t1', 'retry task t1 prompt="go on"'])
    expect(await desk.say(line)).toMatchObject({ exit: 0 });
  expect(desk.state.tasks['t1']).toMatchObject({
    state: 'open',
    requested: true,
    instruction: { branch: 'feature/t1' },
  });
});
