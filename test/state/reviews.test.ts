import { expect, test } from 'vitest';
import { type EventDraft, emptyState, reduceAll, type State } from '../../src/state/index.ts';
import { approvalOf, awaitsReview, reviewOf } from '../../src/state/reviews.ts';
import { instanceCreated, numbered, taskCreated } from './story.ts';

const result = {
  head_commit: 'c2',
  commits: 1,
  files: 1,
  insertions: 1,
  deletions: 0,
  check_ms: 0,
  check_output: '',
};
const done = [
  taskCreated('t1'),
  instanceCreated('claude-1'),
  { type: 'run.started', data: { id: 't1', instance: 'claude-1', branch: 'b', start_commit: 'c0' } },
  { type: 'run.verified', data: { id: 't1', result } },
] as const;
const approved = { type: 'review.approved', data: { task: 't1', commit: 'c2', by: 'cli' } } as const;
const sentBack: EventDraft = { type: 'review.sent_back', data: { task: 't1', commit: 'c2', by: 'cli', comments: [] } };
const after = (...more: Parameters<typeof numbered>[0]): State => reduceAll(emptyState, numbered([...done, ...more]));
const holds = ({ reviews, tasks }: State): boolean => approvalOf(reviews, tasks['t1']!) !== null;

test('an approval holds for its commit, until somebody decides otherwise', () => {
  expect(awaitsReview(after().reviews, after().tasks['t1']!)).toBe(true);
  expect(holds(after(approved))).toBe(true);
  expect(awaitsReview(after(approved).reviews, after(approved).tasks['t1']!)).toBe(false);
  expect(holds(after(approved, sentBack))).toBe(false);
  const other = { type: 'run.verified', data: { id: 't1', result: { ...result, head_commit: 'c3' } } } as const;
  expect(holds(after(approved, other))).toBe(false);
});

test('a task that nobody has looked at has an empty review, whatever it is called', () => {
  expect(reviewOf({}, 'constructor')).toMatchObject({ task: 'constructor', comments: [], taken_over: null });
});

test('what a person has taken over is theirs until an agent begins it again; a removed task leaves no review behind', () => {
  const taken = { type: 'review.taken_over', data: { task: 't1', commit: 'c2', by: 'cli', worktree: '/w' } } as const;
  const again = [
    { type: 'task.reopened', data: { id: 't1', reason: 'retry' } },
    { type: 'task.assigned', data: { id: 't1', instance: 'claude-1', pinned: false, reason: 'free' } },
  ] as const;
  const begun = {
    type: 'run.started',
    data: { id: 't1', instance: 'claude-1', branch: 'b2', start_commit: 'c0' },
  } as const;
  expect(reviewOf(after(taken, ...again).reviews, 't1').taken_over).toMatchObject({ worktree: '/w' });
  expect(reviewOf(after(taken, ...again, begun).reviews, 't1')).toMatchObject({
    taken_over: null,
    decisions: [{ kind: 'taken-over' }],
  });
  expect(after(taken, { type: 'task.removed', data: { id: 't1' } }).reviews).toEqual({});
});
