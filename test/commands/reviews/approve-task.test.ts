import { expect, test } from 'vitest';
import { approveTask } from '../../../src/commands/reviews/approve-task.ts';
import { reviewTask } from '../../../src/commands/reviews/review-task.ts';
import { takeoverTask } from '../../../src/commands/reviews/takeover-task.ts';
import { historyTask } from '../../../src/commands/tasks/history-task.ts';
import { showTask } from '../../../src/commands/tasks/show-task.ts';
import type { ReviewData } from '../../../src/text/review-data.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { taskCreated } from '../../state/story.ts';
import { racing } from '../races/racing.ts';
import { resultAt } from '../../tasks/journal.ts';
import { openDesk } from '../../helpers/desk.ts';
import { openReviewDesk, verified } from './work.ts';

test('[GIT-11] an approval is of one commit: another one takes it away', async () => {
  const { desk, commit } = openReviewDesk([approveTask, reviewTask]);
  const reviewed = async () => (await desk.say('review t1')).data as ReviewData;
  const approved = async () => (await reviewed()).approved;
  expect(await desk.say('approve task t1')).toMatchObject({ exit: 0, data: { task: 't1', commit: 'c2' } });
  expect(await desk.say('approve t1')).toMatchObject({ exit: 6, message: 't1 is approved already, at c2.' });
  expect(await approved()).toBe(true);
  commit('c3');
  // What comes onto the branch is none of the work until it is verified.
  expect(await reviewed()).toMatchObject({ approved: true, to: 'c2', beyond: 'c3' });
  expect(await desk.say('approve t1')).toMatchObject({ exit: 6 });
  desk.add(verified('c3'));
  expect(await approved()).toBe(false);
  expect(await desk.say('approve t1 commit=c2')).toMatchObject({ exit: 6 });
  expect(await desk.say('approve t1 commit=c3')).toMatchObject({ exit: 0 });
  expect(await approved()).toBe(true);
});

test('[GIT-11] no agent approves, neither its own work nor that of another', async () => {
  const { desk } = openReviewDesk(approveTask);
  for (const agent of ['claude-1', 'kiro-1'])
    expect(await desk.sayAs(agent, 'approve task t1')).toMatchObject({ exit: 4 });
  expect(desk.recorded()).toEqual([]);
});

test('[GIT-11] what was committed by hand is verified before it is approved', async () => {
  const { desk, commit } = openReviewDesk([approveTask, takeoverTask, showTask, historyTask], {
    reacting: (state) => (state.tasks['t1']?.state === 'verifying' ? [verified('c4')] : []),
    paths: { worktrees: '/worktrees', key: 'k' } as never,
    setUp: async () => ({ log: null }),
  });
  await desk.say('takeover task t1');
  commit('c4');
  expect(await desk.say('approve t1')).toMatchObject({ exit: 0, data: { commit: 'c4' } });
  expect(desk.recorded()).toEqual(['review.taken_over', 'task.held', 'run.claimed', 'review.approved']);
  // It is told as the work of who did it.
  expect((await desk.say('show task t1')).text).toContain('- 1. claude-1, then you by hand on feature/t1, ');
  expect((await desk.say('history task t1')).text).toContain('claude-1, then you by hand');
});

test('[GIT-11] of work that a batch takes by itself it is not said that somebody has to begin one', async () => {
  const { desk, commit } = openReviewDesk(approveTask);
  const batch = (id: string): EventDraft => ({
    type: 'batch.started',
    data: { id, target: 'drover/integration', base_commit: 'c0', tasks: ['t1'] },
  });
  desk.add(
    batch('batch-1'),
    {
      type: 'batch.set_aside',
      data: { id: 'batch-1', task: 't1', reason: 'conflict', message: 'x', files: ['a'], commit: 'c2' },
    },
    { type: 'batch.sent_back', data: { id: 'batch-1', task: 't1', round: 1, to: 'claude-1' } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
    verified('c4'),
  );
  commit('c4');
  expect((await desk.say('approve task t1')).message).toBe('t1 is approved at c4. A batch begins with it by itself.');
  desk.add(batch('batch-2'));
  expect((await desk.say('approve task t1')).hint).toBe('batch-2, which is under way, merges it.');
});

test('[GIT-11] of work that a batch has set aside it is not said that the next one merges it', async () => {
  const { desk } = openReviewDesk(approveTask);
  desk.add(
    {
      type: 'batch.started',
      data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: ['t1'] },
    },
    {
      type: 'batch.set_aside',
      data: {
        id: 'batch-1',
        task: 't1',
        reason: 'conflict',
        message: 'conflict in src/a.ts',
        files: ['src/a.ts'],
        commit: 'c2',
      },
    },
  );
  const aside =
    'It stays aside until it changes (conflict in src/a.ts). To change it, or to have what was committed to it since checked: takeover task t1; then: approve task t1. To try it again as it is: merge branch t1';
  expect(await desk.say('approve task t1')).toMatchObject({ exit: 0, message: `t1 is approved at c2. ${aside}` });
  expect(await desk.say('approve task t1')).toMatchObject({
    exit: 6,
    message: 't1 is approved already, at c2.',
    hint: aside,
  });
});

test('what it is built on is not to be begun where somebody is at it again', async () => {
  const { desk } = openReviewDesk(approveTask);
  const run: EventDraft = {
    type: 'run.started',
    data: { id: 't0', instance: 'kiro-1', branch: 'feature/t0', start_commit: 'c0' },
  };
  desk.add(taskCreated('t0'), run, { type: 'task.reopened', data: { id: 't0', reason: 'x' } }, run, {
    type: 'task.edited',
    data: { id: 't1', changes: { dependencies: ['t0'] } },
  });
  expect((await desk.say('approve task t1')).message).toBe(
    't1 is approved at c2. It is built on t0, which is being done again: the next batch after that merges it. How far it is: show task t0',
  );
});

test('[GIT-11] of work that is built on what nobody has approved it is not said that the next batch merges it', async () => {
  const { desk } = openReviewDesk(approveTask, { policy: 'before-merge' });
  const result = resultAt('c1');
  desk.add(
    taskCreated('t0'),
    { type: 'run.started', data: { id: 't0', instance: 'kiro-1', branch: 'feature/t0', start_commit: 'c0' } },
    { type: 'run.verified', data: { id: 't0', result } },
    { type: 'task.edited', data: { id: 't1', changes: { dependencies: ['t0'] } } },
  );
  expect((await desk.say('approve task t1')).message).toBe(
    't1 is approved at c2. It is built on t0, which nobody has approved, and is merged after that: review task t0',
  );
});

test('[GIT-11] what is approved is what was verified, and that the branch has gone on is said with what helps', async () => {
  const { desk, commit } = openReviewDesk([approveTask, reviewTask, takeoverTask], {
    reacting: (state) => (state.tasks['t1']?.state === 'verifying' ? [verified('c3')] : []),
    paths: { worktrees: '/worktrees', key: 'k' } as never,
    setUp: async () => ({ log: null }),
  });
  commit('c3');
  const review = await desk.say('review t1');
  expect(review.data).toMatchObject({ to: 'c2', beyond: 'c3', gates: [{ name: 'check', passed: true }] });
  expect(review.text).toContain(
    'its branch is at c3 now, which no check has seen; what is approved and merged is c2. To have that checked and merged as well: takeover task t1; then: approve task t1',
  );
  // Of a commit that no check has seen none is shown.
  expect((await desk.say('review task t1 commit=c3')).data).toMatchObject({ to: 'c3', gates: [] });
  expect(await desk.say('approve task t1 commit=c3')).toMatchObject({
    exit: 6,
    message: 't1 is verified at c2; no check has seen c3, where its branch is now.',
    hint: 'To have that checked: takeover task t1; then: approve task t1',
  });
  expect((await desk.say('approve task t1')).message).toBe(
    't1 is approved at c2. Its branch is at c3 now, which no check has seen and no merge takes; to have that as well: takeover task t1. The next batch merges it: "merge completed branches".',
  );
  await desk.say('takeover task t1');
  expect(await desk.say('approve task t1')).toMatchObject({ exit: 0, data: { commit: 'c3' } });
});

test('of a task whose racers have the work it is not said that it has to be run', async () => {
  for (const line of ['approve task t1', 'review task t1'])
    expect(await openDesk([approveTask, reviewTask], racing).say(line)).toMatchObject({
      exit: 6,
      message: 't1 has not been run.',
      hint: 'Its racers have the work, of which one is to be taken: show race t1',
    });
});

test('a task that has not been run is proposed with what it waits for, and one that is under way is waited for', async () => {
  const desk = openDesk(approveTask, [taskCreated('t1'), taskCreated('t2', { dependencies: ['t1'] })]);
  expect((await desk.say('approve task t2')).hint).toBe('Say: run task t1, t2');
  desk.add({ type: 'task.assigned', data: { id: 't1', instance: 'a-1', pinned: false, reason: 'ready' } });
  expect((await desk.say('approve task t1')).hint).toBe('Wait until it has. How far it is: show task t1');
});
