import { z } from 'zod';
import type { Batch } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';

export const conflictSchema = z.object({
  id: z.string(),
  kind: z
    .enum(['merge', 'prerequisites', 'contamination'])
    .describe('In a batch, between the branches a task builds on, or a write outside of the own worktree'),
  task: z.string().nullable(),
  instance: z.string().nullable().describe('Whose branch it was'),
  batch: z.string().nullable(),
  files: z.array(z.string()),
  message: z.string(),
  at: z.string().nullable(),
  open: z.boolean().describe('It is still in the way'),
  merged_in: z.string().nullable().describe('The later batch that merged the task after all'),
});
export type Conflict = z.infer<typeof conflictSchema>;

/** The instance whose verified branch a batch took: runs that began later had nothing to do with it. */
const instanceMerged = (batch: Batch, task: Task | undefined): string | null => {
  const runs = task ? [...task.history, ...(task.run ? [task.run] : [])] : [];
  const taken = runs.findLast(({ result, ended_at }) => result && ended_at !== null && ended_at <= batch.started_at);
  return taken?.instance ?? null;
};

const mergeConflicts = (state: State): Conflict[] => {
  const batches = Object.values(state.batches);
  return batches.flatMap((batch, index) =>
    batch.set_aside
      .filter(({ reason }) => reason === 'conflict')
      .map((aside) => {
        const task = state.tasks[aside.task];
        const later = batches.findLast((one) => one.tasks.includes(aside.task));
        const merging = batches
          .slice(index + 1)
          .find((one) => one.state !== 'rolled-back' && one.merged.some(({ task: id }) => id === aside.task));
        return {
          id: `${batch.id}/${aside.task}`,
          kind: 'merge' as const,
          task: aside.task,
          instance: instanceMerged(batch, task),
          batch: batch.id,
          files: aside.files,
          message: aside.message,
          at: batch.finished_at ?? batch.started_at,
          open: task?.state === 'done' && task.batch === null && later?.id === batch.id,
          merged_in: merging?.id ?? null,
        };
      }),
  );
};

/** The conflicts that alerts tell of; an alert whose id begins with the prefix stands as long as its conflict. */
const alertConflicts = (state: State, kind: 'prerequisites' | 'contamination', prefix: string): Conflict[] =>
  Object.values(state.alerts)
    .filter((alert) => alert.id.startsWith(prefix))
    .map((alert) => ({
      id: alert.id,
      kind,
      task: alert.task,
      instance: alert.instance,
      batch: null,
      files: [],
      message: alert.text,
      at: alert.raised_at,
      open: true,
      merged_in: null,
    }));

const isStillConflicting = (state: State, { task }: Conflict): boolean =>
  state.tasks[task ?? '']?.blocked_by?.includes('conflict') === true;

/** What a conflict is about, and how it was resolved where a later batch merged the task. */
export const conflictText = ({ message, merged_in }: Conflict): string =>
  merged_in === null ? message : `${message}; merged later in ${merged_in}`;

/** Every known conflict, kind by kind, the oldest first. */
export const conflictsOf = (state: State): readonly Conflict[] => [
  ...mergeConflicts(state),
  ...alertConflicts(state, 'prerequisites', 'blocked:').filter((one) => isStillConflicting(state, one)),
  ...alertConflicts(state, 'contamination', 'contamination:'),
];
