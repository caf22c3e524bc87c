import { valuesOf } from '../../lib/records.ts';
import type { WorkNow } from '../../ports/radar.ts';
import { MERGED_SIDE } from '../../state/conflicts.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { isMergeable } from '../../tasks/mergeable.ts';
import { taskIn } from './conflict-facts.ts';
import type { SeenWork, Works } from './follow-works.ts';

/** What is compared with others: the worktree of an instance, finished work by its task, or what is merged already. */
export type Side = { readonly id: string; readonly task: string | null; readonly look: WorkNow };

/** The instances whose worktrees nobody has looked at: after a start, when one is started anew, or when a look has failed. */
const unseenInstances = ({ instances }: State, { looks, gone }: Pick<Works, 'looks' | 'gone'>): ReadonlySet<string> =>
  new Set(Object.keys(instances).filter((id) => !looks.has(id) && !gone.has(id)));

/** Finished work has the name of its task, unless an instance, or what is merged, is called the same. */
const nameOf = ({ instances }: State, { id, run }: Task): string =>
  id === MERGED_SIDE || Object.hasOwn(instances, id) ? run!.branch : id;

/** Where the work of a task began: not of an attempt that begins with the commits of an earlier one. */
const beginOf = (task: Task | undefined): Pick<WorkNow, 'since'> =>
  task?.run && task.run.goes_on_from === undefined ? { since: task.run.start_commit } : {};

/**
 * Where what was seen in a worktree began; not where that may be of the task before, whose branch lacks what the new one begins
 * with: as its own work that would be what takes all of it away. A branch is made just before its run begins.
 */
const beginOfSeen = (task: Task | undefined, { head, seen_at }: SeenWork): Pick<WorkNow, 'since'> =>
  task?.run && (seen_at > task.run.started_at || head === task.run.start_commit) ? beginOf(task) : {};

/** The commit of finished work, with where it began. */
const finishedWork = (task: Task): WorkNow => ({
  ...{ head: task.run!.result!.head_commit, tree: null, objects: null },
  ...beginOf(task),
});

const compareSides = (a: Side, b: Side): number => (a.id < b.id ? -1 : 1);

/**
 * What is to be compared, by name, and what is not known yet. Finished work that waits to be merged stands for itself as soon as
 * the worktree of its agent does not hold it any more, or its agent is at another task.
 */
export const sidesOf = (
  state: State,
  works: Pick<Works, 'looks' | 'gone'>,
): { readonly sides: readonly Side[]; readonly unseen: ReadonlySet<string> } => {
  const unseen = unseenInstances(state, works);
  const held = new Map([...works.looks.keys()].map((id) => [id, taskIn(state, id)]));
  const isHeld = ({ id, run }: Task): boolean =>
    works.looks.get(run!.instance)?.head === run!.result!.head_commit && held.get(run!.instance)?.id === id;
  const waiting = valuesOf(state.tasks).filter((task) => isMergeable(task) && !isHeld(task));
  const isSeen = ({ run }: Task): boolean => !unseen.has(run!.instance);
  const finished = waiting
    .filter(isSeen)
    .map((task): Side => ({ id: nameOf(state, task), task: task.id, look: finishedWork(task) }));
  const heads = new Set(finished.map(({ look }) => look.head));
  const worktrees = [...works.looks]
    .filter(([, { head, tree }]) => tree !== null || !heads.has(head))
    .map(
      ([id, look]): Side => ({
        id,
        task: held.get(id)?.id ?? null,
        look: { ...look, ...beginOfSeen(held.get(id), look) },
      }),
    );
  const hidden = waiting.filter((task) => !isSeen(task)).map((task) => nameOf(state, task));
  return { sides: [...worktrees, ...finished].toSorted(compareSides), unseen: new Set([...unseen, ...hidden]) };
};
