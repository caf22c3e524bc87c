import { z } from 'zod';
import { reducer, withOthers } from './reducer.ts';
import type { Run, Task, taskEvents } from './tasks.ts';

/** A word of a person on one line of a change. */
const commentSchema = z.object({
  id: z.string(),
  /** The commit that the line was looked at in. */
  commit: z.string(),
  file: z.string(),
  side: z.enum(['new', 'old']).describe('old: a line that the change took away'),
  line: z.number().int(),
  /** The line as it was. */
  code: z.string(),
  text: z.string(),
  by: z.string(),
  at: z.string(),
  sent: z.boolean().describe('The agent was told of it'),
});
export type ReviewComment = z.infer<typeof commentSchema>;

const decisionSchema = z.object({
  kind: z.enum(['approved', 'sent-back', 'taken-over']),
  commit: z.string(),
  by: z.string(),
  at: z.string(),
});

const evidenceSchema = z.object({
  criterion: z.string(),
  commit: z.string(),
  text: z.string(),
  by: z.string(),
  at: z.string(),
});

export const reviewSchema = z.object({
  task: z.string(),
  /** Numbers comments: an id is never used twice. */
  next_comment: z.number().int(),
  comments: z.array(commentSchema),
  /** What was looked at: of each file the content, so that a file that changes again is unseen again. */
  seen: z.record(z.string(), z.string()),
  decisions: z.array(decisionSchema),
  evidence: z.array(evidenceSchema).describe('What somebody who did not do the work says of criteria'),
  /** The worktree in which a person goes on with it. */
  taken_over: z.object({ worktree: z.string(), by: z.string(), at: z.string() }).nullable(),
});
/** What people found and decided while they looked at the work of a task. */
export type Review = z.infer<typeof reviewSchema>;
export type Reviews = Readonly<Record<string, Review>>;

const task = { task: z.string() };

export const reviewEvents = {
  'review.commented': z.object({ ...task, comment: commentSchema.omit({ at: true, sent: true }) }),
  'review.comment_removed': z.object({ ...task, id: z.string() }),
  /** Of each file the content that was looked at; null takes the mark away. */
  'review.seen': z.object({ ...task, files: z.record(z.string(), z.string().nullable()) }),
  'review.evidenced': z.object({
    ...task,
    criterion: z.string(),
    commit: z.string(),
    text: z.string(),
    by: z.string(),
  }),
  'review.approved': z.object({ ...task, commit: z.string(), by: z.string() }),
  'review.sent_back': z.object({ ...task, commit: z.string(), by: z.string(), comments: z.array(z.string()) }),
  'review.taken_over': z.object({ ...task, commit: z.string(), by: z.string(), worktree: z.string() }),
};

const KEPT_DECISIONS = 20;

const emptyReview = (id: string): Review => ({
  task: id,
  next_comment: 1,
  comments: [],
  seen: {},
  decisions: [],
  evidence: [],
  taken_over: null,
});

/** The review of a task; an empty one where nobody has begun it. */
export const reviewOf = (all: Reviews, id: string): Review =>
  Object.hasOwn(all, id) ? (all[id] ?? emptyReview(id)) : emptyReview(id);

const change = (all: Reviews, id: string, edit: (review: Review) => Partial<Review>): Reviews => {
  const review = reviewOf(all, id);
  return { ...all, [id]: { ...review, ...edit(review) } };
};

const withSeen = (seen: Review['seen'], files: Readonly<Record<string, string | null>>): Review['seen'] =>
  Object.fromEntries(
    Object.entries({ ...seen, ...files }).filter((entry): entry is [string, string] => entry[1] !== null),
  );

type Decision = Review['decisions'][number];

const decided = ({ decisions }: Review, decision: Decision): Decision[] =>
  [...decisions, decision].slice(-KEPT_DECISIONS);

const reduceOwn = reducer<Reviews, typeof reviewEvents>({
  'review.commented': (all, { task: id, comment }, at) =>
    change(all, id, ({ comments, next_comment }) => ({
      comments: [...comments, { ...comment, at, sent: false }],
      next_comment: next_comment + 1,
    })),
  'review.comment_removed': (all, { task: id, id: gone }) =>
    change(all, id, ({ comments }) => ({ comments: comments.filter((one) => one.id !== gone) })),
  'review.seen': (all, { task: id, files }) => change(all, id, ({ seen }) => ({ seen: withSeen(seen, files) })),
  'review.evidenced': (all, { task: id, ...evidence }, at) =>
    change(all, id, (review) => ({
      evidence: [...review.evidence.filter(({ criterion }) => criterion !== evidence.criterion), { ...evidence, at }],
    })),
  'review.approved': (all, { task: id, commit, by }, at) =>
    change(all, id, (review) => ({
      decisions: decided(review, { kind: 'approved', commit, by, at }),
      taken_over: null,
    })),
  'review.sent_back': (all, { task: id, commit, by, comments }, at) =>
    change(all, id, (review) => ({
      decisions: decided(review, { kind: 'sent-back', commit, by, at }),
      comments: review.comments.map((one) => (comments.includes(one.id) ? { ...one, sent: true } : one)),
      taken_over: null,
    })),
  'review.taken_over': (all, { task: id, commit, by, worktree }, at) =>
    change(all, id, (review) => ({
      decisions: decided(review, { kind: 'taken-over', commit, by, at }),
      taken_over: { worktree, by, at },
    })),
});

export const reduceReviews = withOthers<Reviews, typeof taskEvents>(reduceOwn, {
  // An agent does it again: what a person had taken over is in nobody's hands any more.
  'run.started': (all, { id }) =>
    reviewOf(all, id).taken_over === null ? all : change(all, id, () => ({ taken_over: null })),
  'task.removed': (all, { id }) =>
    Object.hasOwn(all, id) ? Object.fromEntries(Object.entries(all).filter(([task]) => task !== id)) : all,
});

/** The run whose work is looked at: the one there is, else the last one. */
export const reviewedRun = (of: Pick<Task, 'run' | 'history'>): Run | undefined => of.run ?? of.history.at(-1);

/** The approval that holds: the last decision, if it is a yes to the very commit that would be merged. */
export const approvalOf = (all: Reviews, { id, run }: Pick<Task, 'id' | 'run'>): Decision | null => {
  const last = reviewOf(all, id).decisions.at(-1);
  return last?.kind === 'approved' && last.commit === run?.result?.head_commit ? last : null;
};

/** Whether a racer has lost: its work is put away, and nobody merges it. */
const hasLost = ({ archived, race_of }: Task): boolean => archived && race_of !== undefined;

/** Whether the work of a task waits for somebody to look at it; a merge takes it as well where it is archived. */
export const awaitsReview = (all: Reviews, of: Task): boolean =>
  of.state === 'done' && of.run?.result != null && of.batch === null && !hasLost(of) && approvalOf(all, of) === null;
