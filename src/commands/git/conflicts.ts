import { z } from 'zod';
import type { State } from '../../state/index.ts';

export const conflictSchema = z.object({
  id: z.string(),
  kind: z
    .enum(['merge', 'prerequisites', 'contamination'])
    .describe('In a batch, between the branches a task builds on, or a write outside of the own worktree'),
  task: z.string().nullable(),
  instance: z.string().nullable(),
  batch: z.string().nullable(),
  files: z.array(z.string()),
  message: z.string(),
  at: z.string().nullable(),
  open: z.boolean().describe('It is still in the way'),
});
export type Conflict = z.infer<typeof conflictSchema>;

const mergeConflicts = (state: State): Conflict[] =>
  Object.values(state.batches).flatMap((batch) =>
    batch.set_aside
      .filter(({ reason }) => reason === 'conflict')
      .map((aside) => {
        const task = state.tasks[aside.task];
        const later = Object.values(state.batches).findLast((one) => one.tasks.includes(aside.task));
        return {
          id: `${batch.id}/${aside.task}`,
          kind: 'merge' as const,
          task: aside.task,
          instance: task?.run?.instance ?? null,
          batch: batch.id,
          files: aside.files,
          message: aside.message,
          at: batch.finished_at ?? batch.started_at,
          open: task?.state === 'done' && task.batch === null && later?.id === batch.id,
        };
      }),
  );

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
    }));

const isStillConflicting = (state: State, { task }: Conflict): boolean =>
  state.tasks[task ?? '']?.blocked_by?.includes('conflict') === true;

/** Every known conflict, kind by kind, the oldest first. */
export const conflictsOf = (state: State): readonly Conflict[] => [
  ...mergeConflicts(state),
  ...alertConflicts(state, 'prerequisites', 'blocked:').filter((one) => isStillConflicting(state, one)),
  ...alertConflicts(state, 'contamination', 'contamination:'),
];
