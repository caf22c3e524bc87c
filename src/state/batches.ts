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

export const batchSchema = z.object({
  id: z.string(),
  target: z.string(),
  base_commit: z.string(),
  head_commit: z.string(),
  /** The tasks that the batch set out to merge, in merge order. */
  tasks: z.array(z.string()),
  merged: z.array(z.object({ task: z.string(), branch: z.string(), commit: z.string() })),
  set_aside: z.array(setAside),
  state: z.enum(['running', 'finished']),
  started_at: z.string(),
  finished_at: z.string().nullable(),
});
/** Why a task of a batch is not merged. */
export type AsideReason = z.infer<typeof setAside>['reason'];
/** A batch is one numbered integration. */
export type Batch = z.infer<typeof batchSchema>;
export type Batches = Readonly<Record<string, Batch>>;

export const batchEvents = {
  'batch.started': z.object({
    id: z.string(),
    target: z.string(),
    base_commit: z.string(),
    tasks: z.array(z.string()),
  }),
  'batch.merged': z.object({ id: z.string(), task: z.string(), branch: z.string(), commit: z.string() }),
  'batch.set_aside': setAside.extend({ id: z.string() }),
  'batch.finished': z.object({ id: z.string() }),
};

const change = (all: Batches, id: string, edit: (batch: Batch) => Batch): Batches => {
  const batch = Object.hasOwn(all, id) ? all[id] : undefined;
  return batch ? { ...all, [id]: edit(batch) } : all;
};

export const reduceBatches = reducer<Batches, typeof batchEvents>({
  'batch.started': (all, data, at) => ({
    ...all,
    [data.id]: {
      ...data,
      head_commit: data.base_commit,
      merged: [],
      set_aside: [],
      state: 'running',
      started_at: at,
      finished_at: null,
    },
  }),
  'batch.merged': (all, { id, ...merged }) =>
    change(all, id, (batch) => ({ ...batch, head_commit: merged.commit, merged: [...batch.merged, merged] })),
  'batch.set_aside': (all, { id, ...aside }) =>
    change(all, id, (batch) => ({ ...batch, set_aside: [...batch.set_aside, aside] })),
  'batch.finished': (all, { id }, at) => change(all, id, (batch) => ({ ...batch, state: 'finished', finished_at: at })),
});
