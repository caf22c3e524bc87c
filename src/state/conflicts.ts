import { z } from 'zod';
import { entryOf } from '../lib/entry.ts';
import { reducer } from './reducer.ts';

const range = z.tuple([z.number().int(), z.number().int()]);

/** A file in which the work of two agents meets. */
export const conflictFileSchema = z.object({
  path: z.string(),
  kind: z.string().describe('What git calls it, as contents or modify/delete; overlap where it merges so far'),
  lines: z
    .tuple([z.array(range), z.array(range)])
    .describe('Where, in the file of each; empty where lines do not tell'),
});
export type ConflictFile = z.infer<typeof conflictFileSchema>;

/** Stands for an instance where the other side is what is merged already. */
export const MERGED_SIDE = 'integration';

export const CONFLICT_POLICIES = ['warn', 'pause', 'serialise'] as const;
export const predictedSchema = z.object({
  id: z.string(),
  /** In the order of their names, what is merged already last; tasks and lines are in the same. */
  instances: z.tuple([z.string(), z.string()]),
  tasks: z.tuple([z.string().nullable(), z.string().nullable()]),
  files: z.array(conflictFileSchema),
  /** What was to be done about it when it was recorded. */
  policy: z.enum(CONFLICT_POLICIES),
  /** The instance that was paused because of it, and waits. */
  paused: z.string().nullable(),
  since: z.string(),
});
/** Two worktrees whose work would not merge, as far as it is now. Where in the files is as of the record. */
export type PredictedConflict = z.infer<typeof predictedSchema>;
export type Predicted = Readonly<Record<string, PredictedConflict>>;

/** Facts about conflicts that are foreseen. One that has gone elsewhere is predicted anew; its begin stays. */
export const conflictEvents = {
  'conflict.predicted': predictedSchema.omit({ since: true }),
  'conflict.ended': z.object({ id: z.string(), because: z.string() }),
};

export const reducePredicted = reducer<Predicted, typeof conflictEvents>({
  'conflict.predicted': (all, data, at) => ({
    ...all,
    [data.id]: { ...data, since: entryOf(all, data.id)?.since ?? at },
  }),
  'conflict.ended': (all, { id }) => Object.fromEntries(Object.entries(all).filter(([key]) => key !== id)),
});

/** The conflicts that an instance is in. */
export const conflictsAt = (predicted: Predicted, instance: string): readonly PredictedConflict[] =>
  Object.values(predicted).filter(({ instances }) => instances.includes(instance));

/** Whether the two exclude each other, and do not only change the same file. */
export const isClash = ({ files }: Pick<PredictedConflict, 'files'>): boolean =>
  files.some(({ kind }) => kind !== 'overlap');

/** The conflict of the work of a task with what is merged already. */
export const clashWithMerged = (predicted: Predicted, task: string): PredictedConflict | undefined =>
  Object.values(predicted).find((one) => one.instances[1] === MERGED_SIDE && one.tasks[0] === task && isClash(one));
