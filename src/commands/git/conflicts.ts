import { z } from 'zod';
import type { Batch } from '../../state/batches.ts';
import { conflictId } from '../../state/conflict-records.ts';
import { type ConflictFile, conflictFileSchema, type PredictedConflict } from '../../state/conflicts.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { conflictText as predictionText, fileText } from '../../text/conflict-text.ts';
import type { Context } from '../define.ts';

export const conflictSchema = z.object({
  id: z.string(),
  kind: z
    .enum(['merge', 'prerequisites', 'contamination', 'predicted', 'overlap'])
    .describe(
      'In a batch, between the branches a task builds on, or a write outside of the own worktree; predicted: the work of two would conflict as it is now; overlap: both change a file, and it merges so far',
    ),
  task: z.string().nullable(),
  instance: z.string().nullable().describe('Whose branch it was; of finished work whose agent has gone on, its task'),
  with_task: z.string().nullable().describe('The task of the other one, where two are foreseen to conflict'),
  with_instance: z.string().nullable(),
  batch: z.string().nullable(),
  files: z.array(z.string()),
  where: z.array(conflictFileSchema).describe('What is foreseen in each file, with the lines of both as they are now'),
  message: z.string(),
  at: z.string().nullable(),
  open: z.boolean().describe('It is still in the way'),
  merged_in: z.string().nullable().describe('The later batch that merged the task after all'),
});
export type Conflict = z.infer<typeof conflictSchema>;

/** What conflicts that nobody has foreseen are without. */
const ALONE = { with_task: null, with_instance: null, where: [] as ConflictFile[] };

/** The instance whose verified branch a batch took: runs that began later had nothing to do with it. */
const instanceMerged = (batch: Batch, task: Task | undefined): string | null => {
  const runs = task ? [...task.history, ...(task.run ? [task.run] : [])] : [];
  const taken = runs.findLast(({ result, ended_at }) => result && ended_at !== null && ended_at <= batch.started_at);
  return taken?.instance ?? null;
};

/** Whether all that a merge conflicted with was taken back with its batch, and has not come again. */
const isGone = ({ batches, conflicts, tasks }: State, batch: string, task: string): boolean => {
  const id = conflictId(batch, task);
  const others = Object.hasOwn(conflicts, id) ? conflicts[id]!.with : [];
  const wasBack = (other: string): boolean =>
    Object.values(batches).some(
      ({ state, merged }) => state === 'rolled-back' && merged.some((one) => one.task === other),
    );
  return others.length > 0 && others.every((other) => (tasks[other]?.batch ?? null) === null && wasBack(other));
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
          ...ALONE,
          kind: 'merge' as const,
          task: aside.task,
          instance: instanceMerged(batch, task),
          batch: batch.id,
          files: aside.files,
          message: aside.message,
          at: batch.finished_at ?? batch.started_at,
          open:
            task?.state === 'done' &&
            task.batch === null &&
            !task.archived &&
            later?.id === batch.id &&
            !isGone(state, batch.id, aside.task),
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
      ...ALONE,
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

type Pair = Pick<PredictedConflict, 'instances' | 'tasks' | 'files'>;

const idOf = ({ instances }: Pair): string => instances.join('/');

const predictedConflict = (pair: Pair, since: string | null): Conflict => {
  const { files, instances, tasks } = pair;
  const isOverlap = files.every(({ kind }) => kind === 'overlap');
  return {
    id: idOf(pair),
    kind: isOverlap ? 'overlap' : 'predicted',
    ...{ task: tasks[0], instance: instances[0], with_task: tasks[1], with_instance: instances[1] },
    batch: null,
    files: files.map(({ path }) => path),
    where: [...files],
    message: predictionText(pair),
    at: since,
    open: !isOverlap,
    merged_in: null,
  };
};

/** The two of a conflict that is foreseen; null for any other. */
export const pairOf = (one: Conflict): Pair | null => {
  if (one.with_instance === null || one.instance === null) return null;
  return { instances: [one.instance, one.with_instance], tasks: [one.task, one.with_task], files: one.where };
};

/** Where the two of a foreseen conflict exclude each other, file by file. */
export const placesText = (one: Conflict): readonly string[] => {
  const pair = pairOf(one);
  return pair ? pair.files.map((file) => fileText(pair, file)) : one.files;
};

/** Every known conflict, kind by kind, the oldest first. */
export const conflictsOf = (state: State): readonly Conflict[] => [
  ...Object.values(state.predicted).map((one) => predictedConflict(one, one.since)),
  ...mergeConflicts(state),
  ...alertConflicts(state, 'prerequisites', 'blocked:').filter((one) => isStillConflicting(state, one)),
  ...alertConflicts(state, 'contamination', 'contamination:'),
];

/**
 * The same with what is foreseen as of the last look, where the record has only how it began; files that two change and
 * that merge so far come last.
 */
export const conflictsNow = ({ radar, store }: Pick<Context, 'radar' | 'store'>): readonly Conflict[] => {
  const { state } = store;
  const live = radar.now().map((pair) => predictedConflict(pair, state.predicted[idOf(pair)]?.since ?? null));
  const known = new Map(live.map((one) => [one.id, one]));
  const recorded = conflictsOf(state).map((one) => known.get(one.id) ?? one);
  const ids = new Set(recorded.map(({ id }) => id));
  return [...recorded, ...live.filter(({ id }) => !ids.has(id))];
};
