import { expect, test } from 'vitest';
import { markTask } from '../../../src/commands/reviews/mark-task.ts';
import { reviewTask } from '../../../src/commands/reviews/review-task.ts';
import type { ReviewData } from '../../../src/text/review-data.ts';
import { openReviewDesk, verified } from './work.ts';

test('[GIT-11] a review has gates, claim, evidence by criterion and files, and says what nothing shows and whom to ask', async () => {
  const { desk } = openReviewDesk(reviewTask);
  const reply = await desk.say('review t1');
  const data = reply.data as ReviewData;
  expect(reply.message).toBe('t1 Task t1: 2 files, +3 −1, 1 criterion without evidence, not approved.');
  expect(data).toMatchObject({ from: 'c0', to: 'c2', author: 'claude-1', others: ['kiro-1'], patch: null });
  expect(data.gates).toEqual([{ name: 'check', passed: true, ms: 900, text: 'ok', output: null }]);
  expect(data.criteria.map(({ id, evidence }) => [id, evidence.map(({ where }) => where)])).toEqual([
    ['1.1', ['test/a.test.ts:1']],
    // Its author says that it is there: that is no evidence.
    ['1.2', []],
  ]);
  expect(reply.text).toContain('✘ 1.2 It tells\n      nothing shows it');
  expect(reply.text).toContain(
    'Look yourself, or ask kiro-1, not claude-1, and write it down: verify task t1 criterion=1.2',
  );
  expect(reply.text).toContain('· src/a.ts +2 −1');
});

test('with detailed the change itself comes too, and a commit can be named', async () => {
  const { desk } = openReviewDesk(reviewTask);
  expect((await desk.say('review task t1 detailed commit=c2')).data).toMatchObject({
    patch: expect.stringContaining('+third();'),
    cut: false,
  });
});

test.each([
  ['tui', 'you'],
  ['web:ada', 'ada'],
])('who has approved it, %s, is told as a person reads it: %s', async (by, said) => {
  const { desk } = openReviewDesk(reviewTask);
  desk.add({ type: 'review.approved', data: { task: 't1', commit: 'c2', by } });
  expect((await desk.say('review t1')).text).toContain(`approved by ${said}`);
});

test('[GIT-11] a file is seen until it changes again', async () => {
  const { desk } = openReviewDesk([reviewTask, markTask]);
  await desk.say('mark task t1 file=src/a.ts');
  const seen = async () => ((await desk.say('review t1')).data as ReviewData).files.map((file) => file.seen);
  expect(await seen()).toEqual([true, false]);
  desk.add({ type: 'review.seen', data: { task: 't1', files: { 'src/a.ts': 'another' } } }, verified('c2'));
  expect(await seen()).toEqual([false, false]);
});

test('what has not been run cannot be looked at', async () => {
  const { desk } = openReviewDesk(reviewTask);
  expect(await desk.say('review t2')).toMatchObject({ exit: 3 });
});

test('[GIT-11] an approved commit that was taken back is not called another one', async () => {
  const { desk } = openReviewDesk(reviewTask, { policy: 'before-merge' });
  desk.add(
    { type: 'review.approved', data: { task: 't1', commit: 'c2', by: 'cli' } },
    { type: 'task.reopened', data: { id: 't1', reason: 'batch-1 was rolled back' } },
  );
  expect((await desk.say('review t1')).text).toContain(
    'open, not approved any more: this commit was, before its work was opened again, and not merged before it is',
  );
});

test('[GIT-11] a gate of a batch that judged another commit is none of this one', async () => {
  const { desk } = openReviewDesk(reviewTask);
  const batch = { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: ['t1'] };
  const check = { id: 'batch-1', task: 't1', commit: 'm', command: 'true', ms: 1, problem: null, gate: 'nobug' };
  desk.add(
    { type: 'batch.started', data: { ...batch, took: { t1: { attempt: 1, head: 'c2' } } } },
    { type: 'batch.checked', data: check },
  );
  const names = async () => ((await desk.say('review t1')).data as ReviewData).gates.map(({ name }) => name);
  expect(await names()).toEqual(['check', 'nobug in batch-1']);
  desk.add(verified('c3'));
  expect(await names()).toEqual(['check']);
});

test('a review shows the end of what a failed check printed', async () => {
  const { desk } = openReviewDesk(reviewTask);
  const output = Array.from({ length: 20 }, (_, n) => `line ${n + 1}`).join('\n');
  desk.add(
    {
      type: 'task.sent_back',
      data: { id: 't1', reason: 'x', instruction: { branch: 'feature/t1', by: 'me', text: 'x' } },
    },
    { type: 'task.assigned', data: { id: 't1', instance: 'claude-1', pinned: false, reason: 'ready' } },
    { type: 'run.started', data: { id: 't1', instance: 'claude-1', branch: 'feature/t1', start_commit: 'c0' } },
    { type: 'run.claimed', data: { id: 't1', summary: 'x' } },
    { type: 'run.failed', data: { id: 't1', failure: { class: 'check', message: 'make ended with 2', output } } },
  );
  const { text } = await desk.say('review t1');
  expect(text).toContain('✘ check failed: make ended with 2\n      │ … 5 lines before\n      │ line 6\n');
  expect(text).toContain('      │ line 20\n');
  expect(text).not.toContain('line 5\n');
});
