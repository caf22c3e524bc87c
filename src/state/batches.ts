import { z } from 'zod';
import { reducer } from './reducer.ts';

const setAside = z.object({
  task: z.string(),
  /** Why it is not merged. Reasons may be added; none is ever taken away, because journals name them. */
  reason: z
    .enum(['conflict', 'gate', 'dependency', 'withdrawn', 'stopped', 'moved', 'checked-out', 'busy', 'error'])
    .describe(
      'conflict: in its files; gate: the check after its merge failed; dependency: what it builds on was set aside; withdrawn: it is not verified any more; stopped: the batch ended before it, as integration.on_conflict or on_failed_check says; moved: somebody else moved the branch; checked-out: the branch is checked out in a worktree of yours; busy: another git may hold a lock that is in the way; error: merging failed, see the message',
    ),
  message: z.string(),
  files: z.array(z.string()),
});

/** A check that ran on the merge of one task. */
const check = z.object({
  task: z.string(),
  /** The merge in memory that it ran on. */
  commit: z.string(),
  command: z.string(),
  ms: z.number(),
  /** The sentence that says how it failed; null when it passed. */
  problem: z.string().nullable(),
});

const rollback = z.object({
  method: z
    .enum(['reset', 'revert'])
    .describe('reset: the branch goes back to where it was; revert: a commit on top takes the merges back'),
  from_commit: z.string(),
  to_commit: z.string(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  problem: z.string().nullable().describe('Why it did not come about; the batch stands then'),
});

export const batchSchema = z.object({
  id: z.string(),
  target: z.string(),
  base_commit: z.string(),
  head_commit: z.string(),
  /** The tasks that the batch set out to merge, in merge order. */
  tasks: z.array(z.string()),
  merged: z.array(z.object({ task: z.string(), branch: z.string(), commit: z.string() })),
  set_aside: z.array(setAside),
  checks: z.array(check).describe('The checks on its merges, those that failed included'),
  state: z.enum(['running', 'finished', 'rolling-back', 'rolled-back']),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  rollback: rollback.nullable().describe('How it was taken back, the last time that was asked for'),
});
/** Why a task of a batch is not merged. */
export type AsideReason = z.infer<typeof setAside>['reason'];
/** A batch is one numbered integration. */
export type Batch = z.infer<typeof batchSchema>;
export type Batches = Readonly<Record<string, Batch>>;

/** Whether the integration branch is about to move for this batch. */
export const isUnderWay = ({ state }: Batch): boolean => state === 'running' || state === 'rolling-back';

export const batchEvents = {
  'batch.started': z.object({
    id: z.string(),
    target: z.string(),
    base_commit: z.string(),
    tasks: z.array(z.string()),
  }),
  'batch.merged': z.object({ id: z.string(), task: z.string(), branch: z.string(), commit: z.string() }),
  'batch.set_aside': setAside.extend({ id: z.string() }),
  'batch.checked': check.extend({ id: z.string() }),
  'batch.finished': z.object({ id: z.string() }),
  'batch.rollback_started': rollback
    .pick({ method: true, from_commit: true, to_commit: true })
    .extend({ id: z.string() }),
  'batch.rolled_back': z.object({ id: z.string() }),
  'batch.rollback_failed': z.object({ id: z.string(), problem: z.string() }),
};

const change = (all: Batches, id: string, edit: (batch: Batch) => Batch): Batches => {
  const batch = Object.hasOwn(all, id) ? all[id] : undefined;
  return batch ? { ...all, [id]: edit(batch) } : all;
};

const withRollbackEnded = (batch: Batch, state: Batch['state'], at: string, problem: string | null): Batch => ({
  ...batch,
  state,
  rollback: batch.rollback && { ...batch.rollback, finished_at: at, problem },
});

export const reduceBatches = reducer<Batches, typeof batchEvents>({
  'batch.started': (all, data, at) => ({
    ...all,
    [data.id]: {
      ...data,
      head_commit: data.base_commit,
      merged: [],
      set_aside: [],
      checks: [],
      state: 'running',
      started_at: at,
      finished_at: null,
      rollback: null,
    },
  }),
  'batch.merged': (all, { id, ...merged }) =>
    change(all, id, (batch) => ({ ...batch, head_commit: merged.commit, merged: [...batch.merged, merged] })),
  'batch.set_aside': (all, { id, ...aside }) =>
    change(all, id, (batch) => ({ ...batch, set_aside: [...batch.set_aside, aside] })),
  'batch.checked': (all, { id, ...one }) => change(all, id, (batch) => ({ ...batch, checks: [...batch.checks, one] })),
  'batch.finished': (all, { id }, at) => change(all, id, (batch) => ({ ...batch, state: 'finished', finished_at: at })),
  'batch.rollback_started': (all, { id, ...how }, at) =>
    change(all, id, (batch) => ({
      ...batch,
      state: 'rolling-back',
      rollback: { ...how, started_at: at, finished_at: null, problem: null },
    })),
  'batch.rolled_back': (all, { id }, at) =>
    change(all, id, (batch) => withRollbackEnded(batch, 'rolled-back', at, null)),
  'batch.rollback_failed': (all, { id, problem }, at) =>
    change(all, id, (batch) => withRollbackEnded(batch, 'finished', at, problem)),
});
