import { valuesOf } from '../lib/records.ts';
import type { Batch } from '../state/batches.ts';
import type { State } from '../state/index.ts';
import { runsOf } from '../state/runs.ts';
import type { Run, Task } from '../state/tasks.ts';

/** The verified commit of an attempt that other work has in it. */
export type BuiltOn = NonNullable<Run['built_on']>[number];

type Work = Pick<State, 'tasks' | 'batches'>;

const isBack = ({ state }: Batch): boolean => state === 'rolled-back';

/** Whether a run is of this commit, or has it in it. */
const hasIn = (run: Run | null | undefined, { task, commit }: BuiltOn): boolean =>
  run?.result != null &&
  (run.result.head_commit === commit || (run.built_on ?? []).some((one) => one.task === task && one.commit === commit));

/** The merge that brought the work of this attempt onto the integration branch, by a batch that stands; maybe that of another task. */
export const bringerOf = (
  { tasks, batches }: Work,
  work: BuiltOn,
): { readonly batch: string; readonly task: string } | undefined => {
  for (const batch of Object.values(batches)) {
    const merge = isBack(batch)
      ? undefined
      : batch.merged.find(
          ({ task, head }) =>
            (task === work.task && head === work.commit) ||
            (Object.hasOwn(tasks, task) &&
              runsOf(tasks[task]!).some((run) => run.result?.head_commit === head && hasIn(run, work))),
        );
    if (merge) return { batch: batch.id, task: merge.task };
  }
  return undefined;
};

/** Whether the work of this attempt is on the integration branch, by a batch that stands. */
export const isMergedWork = (state: Work, work: BuiltOn): boolean => bringerOf(state, work) !== undefined;

/** Whether a batch merged the work of this attempt and was rolled back. */
export const isTakenBack = ({ batches }: Pick<State, 'batches'>, { task: id, commit }: BuiltOn): boolean =>
  Object.values(batches).some(
    (batch) => isBack(batch) && batch.merged.some(({ task, head }) => task === id && head === commit),
  );

/** A commit that tells of the work of an attempt: its own, or the one that a batch has made of it. */
type Trace = { readonly of: BuiltOn; readonly commit: string };

const tracesIn = ({ merged }: Batch): readonly Trace[] =>
  merged.flatMap(({ task, head, commit }) => {
    const of = { task, commit: head ?? commit };
    return [
      { of, commit },
      { of, commit: of.commit },
    ];
  });

/**
 * Which attempts are among these commits of a task's work, which ends with `head`, without those that are merged. What was taken
 * back by a commit that is among them as well is not there any more.
 */
export const builtOnIn = (
  state: Work,
  { id, head }: { readonly id: string; readonly head: string },
  among: Iterable<string>,
): readonly BuiltOn[] => {
  const commits = new Set(among);
  const back = Object.values(state.batches).filter(isBack);
  const isGone = ({ rollback }: Batch): boolean => rollback?.method === 'revert' && commits.has(rollback.to_commit);
  const gone = new Set(back.filter(isGone).flatMap((batch) => tracesIn(batch).map(({ of }) => of.commit)));
  const there = back.filter((batch) => !isGone(batch));
  const verified = valuesOf(state.tasks)
    .filter(({ race_of }) => race_of === undefined)
    .flatMap((task) =>
      runsOf(task).flatMap(({ result }) =>
        result && (task.id !== id || result.head_commit !== head)
          ? [{ of: { task: task.id, commit: result.head_commit }, commit: result.head_commit }]
          : [],
      ),
    );
  // What was added by hand to an attempt was verified in its place: the commits of before are known from that.
  const before = (state.tasks[id]?.run?.built_on ?? []).filter(({ task }) => task === id);
  const added = before.map((of) => ({ of, commit: of.commit }));
  const found = new Map<string, BuiltOn>();
  for (const { of, commit } of [...verified, ...added, ...there.flatMap(tracesIn)])
    if (commits.has(commit) && !gone.has(of.commit) && !isMergedWork(state, of))
      found.set(`${of.task} ${of.commit}`, of);
  return [...found.values()];
};

/**
 * The work of a batch that was taken back by a commit on top, as far as it is among these commits and no later batch has merged
 * it: git takes it for merged, because its history is.
 */
export const lostAmong = (state: Work, batch: Batch, among: Iterable<string>): readonly BuiltOn[] => {
  const commits = new Set(among);
  return tracesIn(batch).flatMap(({ of, commit }) => (commits.has(commit) && !isMergedWork(state, of) ? [of] : []));
};

/** The batches that were taken back by a commit on top of them. */
export const revertedBatches = ({ batches }: Pick<State, 'batches'>): readonly Batch[] =>
  Object.values(batches).filter((batch) => isBack(batch) && batch.rollback?.method === 'revert');

/** Where the branch of the merges was before it got work on the branch of a run that was taken back; null: it never was. */
export const beforeTakenBack = (state: Pick<State, 'batches'>, { branch }: Pick<Run, 'branch'>): string | null =>
  revertedBatches(state).find(({ merged }) => merged.some((one) => one.branch === branch))?.base_commit ?? null;

/**
 * The work of attempts that this task has in it and that nobody wants any more as it was: it was taken back, or done anew
 * without it. What was given up with its task is nobody's to do anew.
 */
export const discardedBases = (state: Work, { id, run }: Task): readonly BuiltOn[] =>
  (run?.built_on ?? []).filter((one) => {
    const before = Object.hasOwn(state.tasks, one.task) ? state.tasks[one.task] : undefined;
    if (!before || one.task === id || before.state === 'cancelled') return false;
    return !hasIn(before.run, one) && !isMergedWork(state, one);
  });

/** The first of them. */
export const discardedBase = (state: Work, task: Task): BuiltOn | undefined => discardedBases(state, task)[0];

/**
 * The tasks that are merged with this one, because it has their last attempt in it: what was taken back of them is there again
 * then. One that somebody asked to be done anew, or sent back, is not.
 */
export const comingAlong = (state: Work, task: Task): readonly Task[] =>
  discardedBases(state, task).flatMap((one) => {
    const before = state.tasks[one.task]!;
    const isLeft = before.state === 'open' && !before.requested && !before.archived && before.instruction === undefined;
    return isLeft && before.history.at(-1)?.result?.head_commit === one.commit ? [before] : [];
  });
