import { saidId } from '../../protocol/say.ts';
import { mergedOnto } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import { reviewedRun, reviewOf } from '../../state/reviews.ts';
import type { Run, Task } from '../../state/tasks.ts';
import { beforeTakenBack } from '../../tasks/built-on.ts';
import { isRacing } from '../../tasks/race.ts';
import type { Context, Repository } from '../define.ts';
import { nothingToDo, wrongState } from '../errors.ts';
import { oneTask } from '../selection.ts';
import { isActive } from '../../tasks/startable.ts';
import { runHint } from '../tasks/run-hints.ts';

/** The work of a task as it is looked at: between what it was built on, or has brought in since, and the last commit. */
export type Work = {
  readonly task: Task;
  readonly run: Run;
  readonly from: string;
  readonly to: string;
  /** Where its branch is, where that is another commit, which is neither verified nor merged with it; else null. */
  readonly beyond: string | null;
};

/** The last commit of a run: what was verified and is merged; while somebody goes on with it, that of its branch. */
const headOf = async ({ git }: Pick<Repository, 'git'>, state: State, task: Task, run: Run) => {
  const tip = await git.resolve(`refs/heads/${run.branch}`);
  const verified = run.result?.head_commit;
  const isVerified = task.state === 'done' && task.run === run && reviewOf(state.reviews, task.id).taken_over === null;
  const isFixed = verified !== undefined && (task.batch !== null || isVerified);
  // A branch may be gone.
  const to = isFixed ? verified : (tip ?? verified ?? run.start_commit);
  return { to, beyond: tip === to ? null : tip };
};

type Needs = Pick<Context, 'git' | 'settings'>;

/** The commit from which work is a run's own, whatever it has brought in meanwhile. */
export const ownBaseOf = async (
  { git, settings }: Needs,
  state: State,
  { task, run, head }: { readonly task: Task; readonly run: Run; readonly head: string },
): Promise<string> => {
  const merged = mergedOnto(state.batches, task.batch);
  const onto =
    merged ?? beforeTakenBack(state, run) ?? (await git.resolve(`refs/heads/${settings.branches.integration}`));
  return git.ownBase({ start: run.start_commit, head, onto });
};

/** How there comes to be work of a task that has not been run. */
const notRunHint = (state: State, task: Task): string => {
  const { id } = task;
  if (isRacing(task)) return `Its racers have the work, of which one is to be taken: show race ${saidId(id)}`;
  if (isActive(task)) return `Wait until it has. How far it is: show task ${saidId(id)}`;
  return runHint(state, task, 'Say');
};

/** The only task that is named, and its run that is looked at. */
export const reviewedTask = (state: State, ids: readonly string[]): Pick<Work, 'task' | 'run'> => {
  const task = oneTask(state, ids);
  const run = reviewedRun(task);
  if (!run) throw nothingToDo({ message: `${task.id} has not been run.`, hint: notRunHint(state, task) });
  return { task, run };
};

/** What there is to look at of a task. */
export const workOf = async (context: Needs, state: State, ids: readonly string[]): Promise<Work> => {
  const { task, run } = reviewedTask(state, ids);
  const { to, beyond } = await headOf(context, state, task, run);
  return { task, run, from: await ownBaseOf(context, state, { task, run, head: to }), to, beyond };
};

/** What helps with work that is not finished: to wait for who is at it, else to have it gone on with. */
const unfinishedHint = (task: Task): string => {
  const { id, archived, race_of: raced } = task;
  if (raced !== undefined) return `Look at it: show race ${saidId(raced)}`;
  if (isActive(task)) return `Wait until it has ended. How far it is: show task ${saidId(id)}`;
  if (archived)
    return `First say: unarchive task ${saidId(id)}; then have it gone on with: retry task ${saidId(id)} prompt="…"`;
  return `Nobody is at it. To have it gone on with, on the branch that there is: retry task ${saidId(id)} prompt="…"`;
};

/** Refuses a decision on work that an agent is at, or that is merged: nobody knows what it would hold for. */
export const assertSettled = (task: Task): void => {
  if (task.batch !== null)
    throw wrongState({
      id: task.id,
      state: `merged in ${task.batch}`,
      wants: 'nothing is left to decide',
      hint: `To take it back: rollback integration ${task.batch}`,
    });
  if (!['done', 'failed'].includes(task.state))
    throw wrongState({
      id: task.id,
      state: task.state,
      wants: 'only finished work is decided on',
      hint: unfinishedHint(task),
    });
};
