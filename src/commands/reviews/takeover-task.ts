import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import { byHandFolder } from '../../state/names.ts';
import { reviewOf } from '../../state/reviews.ts';
import { sparseFolders } from '../../state/swarm-settings.ts';
import type { Task } from '../../state/tasks.ts';
import { type Context, defineCommand } from '../define.ts';
import { nothingToDo, worktreeExists, wrongState } from '../errors.ts';
import { foldersOf } from '../git/worktree-rows.ts';
import { checkWorktreesFolder } from '../instances/launch-facts.ts';
import { idsParam } from '../selection.ts';
import { assertSettled, reviewedTask, type Work, workOf } from './reviewed.ts';

/** Takes the branch from the worktree of its instance, which stays at the same commit. */
const freeBranch = async (context: Context, { task, run }: Work): Promise<void> => {
  const { git, store } = context;
  const { ours } = await foldersOf(context);
  // A worktree of a person's own stays as it is: git then says that the branch is in use there.
  const holder = ours.find(({ branch, name }) => branch === run.branch && Object.hasOwn(store.state.instances, name));
  if (!holder) return;
  const { head, dirty } = await git.worktreeState(holder.path);
  if (dirty.length > 0)
    throw wrongState({
      id: task.id,
      state: `still being changed in ${holder.path}`,
      wants: 'uncommitted work would be left behind',
      hint: `Look at it: cd ${holder.path}`,
    });
  // Without force: what is written there meanwhile stays.
  await git.addWorktree(holder.path, { commit: head });
};

/** Refuses work that is not finished, or that somebody has taken over already. */
const assertFree = (state: State, task: Task): void => {
  assertSettled(task);
  const known = reviewOf(state.reviews, task.id).taken_over;
  if (known)
    throw nothingToDo({
      message: `${task.id} is taken over already, in ${known.worktree}.`,
      hint: `cd ${known.worktree}`,
    });
};

export const takeoverTask = defineCommand({
  verb: 'takeover',
  noun: 'task',
  summary: 'Go on with the work of a task by hand: its branch in a worktree of your own, and no agent works on it',
  example: 'takeover task 3.1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'checks the branch out in a new worktree for you and holds the task',
  params: z.object({ id: idsParam.describe('The task') }),
  result: z.object({ task: z.string(), path: z.string(), branch: z.string() }),
  refuses: ({ state }, { id }) => assertFree(state, reviewedTask(state, id).task),
  run: async (context, { id }) => {
    const work = await workOf(context, context.store.state, id);
    const { task, run, to } = work;
    assertFree(context.store.state, task);
    if ((await context.git.resolve(`refs/heads/${run.branch}`)) === null)
      throw nothingToDo({
        message: `The branch ${run.branch} is gone.`,
        hint: `Do it again: retry task ${saidId(task.id)}`,
      });
    const name = byHandFolder(task.id);
    const taken = (await foldersOf(context)).ours.find((one) => one.name === name);
    if (taken && taken.branch !== run.branch) throw worktreeExists({ name, path: taken.path });
    await checkWorktreesFolder(context);
    if (!taken) await freeBranch(context, work);
    const path = `${context.paths.worktrees}/${name}`;
    await context.git.addWorktree(path, { branch: run.branch }, sparseFolders(context.settings));
    const worktree = await context.git.place(path);
    await context.setUp({ name, path: worktree }, { isNew: !taken });
    await context.decide((state) => {
      assertSettled(state.tasks[task.id] ?? task);
      const by = context.actor.name;
      return [
        { type: 'review.taken_over', data: { task: task.id, commit: to, by, worktree } },
        { type: 'task.held', data: { id: task.id, held: true } },
      ];
    });
    return {
      message: `${task.id} is yours: ${run.branch} in ${worktree}. Commit there, then say: approve task ${saidId(task.id)}; or give it back: return task ${saidId(task.id)} "…"`,
      data: { task: task.id, path: worktree, branch: run.branch },
      sideEffects: [`worktree ${worktree}`],
    };
  },
});
