import { expect, test } from 'vitest';
import { commentTask } from '../../../src/commands/reviews/comment-task.ts';
import { returnTask } from '../../../src/commands/reviews/return-task.ts';
import { created } from '../../tasks/journal.ts';
import { openReviewDesk, verified } from './work.ts';

test('[GIT-11] comments go back as one instruction with file, line and code, to who did it, on the same branch', async () => {
  const { desk } = openReviewDesk([commentTask, returnTask]);
  await desk.say('comment t1 file=src/a.ts line=2 "why 2?"');
  await desk.say('comment t1 file=src/a.ts line=2 side=old "it was fine"');
  const reply = await desk.say('send back t1 "Two things."');
  expect(reply).toMatchObject({ exit: 0, message: 't1 goes back to claude-1 with 2 comments, on feature/t1.' });
  expect(desk.state.tasks['t1']).toMatchObject({
    state: 'assigned',
    assignee: 'claude-1',
    requested: true,
    instruction: {
      branch: 'feature/t1',
      text: [
        'Two things.',
        '',
        '1. src/a.ts, line 2:',
        '',
        '        second(2);',
        '',
        '   why 2?',
        '',
        '2. src/a.ts, line 2 of the file as it was before your work:',
        '',
        '        second();',
        '',
        '   it was fine',
      ].join('\n'),
    },
  });
  expect(desk.state.reviews['t1']?.comments.map(({ sent }) => sent)).toEqual([true, true]);
});

test('with comments the words may be empty; without any they are missing', async () => {
  const { desk } = openReviewDesk([commentTask, returnTask]);
  expect(await desk.say('return task t1 ""')).toMatchObject({
    exit: 6,
    message: 'There is nothing to tell the agent about t1.',
  });
  await desk.say('comment t1 file=src/a.ts line=2 "why 2?"');
  expect((await desk.say('return task t1 ""')).message).toBe('t1 goes back to claude-1 with 1 comment, on feature/t1.');
  expect(desk.state.tasks['t1']?.instruction?.text).toMatch(/^1\. src\/a\.ts, line 2:/u);
});

test('who did it and is being started again gets it back', async () => {
  const { desk } = openReviewDesk(returnTask);
  desk.add({ type: 'instance.restart_requested', data: { instance_id: 'claude-1', fresh: false } });
  expect((await desk.say('return t1 "again"')).message).toBe('t1 goes back to claude-1, on feature/t1.');
});

test('while the swarm is paused it is said that the work begins when that is resumed', async () => {
  const { desk } = openReviewDesk(returnTask);
  desk.add({ type: 'swarm.paused', data: {} });
  expect((await desk.say('return t1 "again"')).message).toBe(
    't1 goes back to claude-1, on feature/t1. The swarm is paused: t1 begins after "resume swarm".',
  );
});

test('what builds on a task that is open again is said to begin when that is done', async () => {
  const { desk } = openReviewDesk(returnTask);
  desk.add(created('t9'), { type: 'task.edited', data: { id: 't1', changes: { dependencies: ['t9'] } } });
  expect((await desk.say('return t1 "again"')).message).toBe(
    't1 goes back to claude-1, on feature/t1. t1 does not begin: it waits for t9 (not run).',
  );
});

test('nothing to say and unfinished work are refused; verified again, the instruction is settled', async () => {
  const { desk } = openReviewDesk([commentTask, returnTask]);
  expect(await desk.say('return t1')).toMatchObject({ exit: 6 });
  await desk.say('return t1 "again"');
  expect(await desk.say('return t1 "once more"')).toMatchObject({ exit: 6 });
  desk.add(
    { type: 'run.started', data: { id: 't1', instance: 'claude-1', branch: 'feature/t1', start_commit: 'c0' } },
    verified('c3'),
  );
  expect(desk.state.tasks['t1']?.instruction).toBeUndefined();
});

test('of work that a batch under way was to merge it is said that this leaves it out', async () => {
  const { desk } = openReviewDesk(returnTask);
  const target = 'drover/integration';
  desk.add({ type: 'batch.started', data: { id: 'batch-1', target, base_commit: 'c0', tasks: ['t1'] } });
  expect(await desk.say('return t1 "again"')).toMatchObject({
    exit: 0,
    message: 't1 goes back to claude-1, on feature/t1. batch-1, which is under way, leaves t1 out.',
  });
});
