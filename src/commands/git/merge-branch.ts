import { z } from 'zod';
import { type Batch, batchSchema } from '../../state/batches.ts';
import { dataOf } from '../../state/facts.ts';
import type { State } from '../../state/index.ts';
import { approvalOf } from '../../state/reviews.ts';
import type { Settings } from '../../state/settings.ts';
import type { Task } from '../../state/tasks.ts';
import { mergeOrder } from '../../tasks/graph.ts';
import { graphOf } from '../../tasks/select.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand, type Outcome } from '../define.ts';
import { badParameter, notFound, nothingToDo, notReviewed, wrongState } from '../errors.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { idsParam } from '../selection.ts';
import { assertNoneUnderWay } from './batches.ts';

const params = z.object({
  id: idsParam.optional().describe('Branches or tasks; the default is all that are verified'),
  scope: z.literal('all').optional().describe('all that are verified'),
  state: idsParam.optional().describe('completed: only what is verified is ever merged'),
});

const isMergeable = (task: Task): boolean => task.state === 'done' && task.run?.result != null && task.batch === null;

type Policy = Settings['review'];

/** Whether somebody still has to look at the work before it is merged. */
const lacksReview = (state: State, task: Task, policy: Policy): boolean =>
  policy === 'before-merge' && approvalOf(state.reviews, task) === null;

const chooseTasks = (state: State, ids: readonly string[] | undefined, policy: Policy): Task[] => {
  const all = Object.values(state.tasks);
  if (!ids) return all.filter((task) => isMergeable(task) && !lacksReview(state, task, policy));
  return ids.map((id) => {
    const task = all.find((one) => one.id === id || one.run?.branch === id);
    if (!task)
      throw notFound({ noun: 'branch of a task', id, known: all.filter(isMergeable).map((one) => one.run!.branch) });
    if (!isMergeable(task))
      throw wrongState({
        id: task.id,
        state: task.batch ? `merged in ${task.batch}` : task.state,
        wants: 'only verified work is merged',
        hint: `Look at "show task ${task.id}".`,
      });
    if (lacksReview(state, task, policy)) throw notReviewed({ id: task.id });
    return task;
  });
};

/** Why nothing is merged: there is nothing, or nobody has looked at it. */
const nothingToMerge = (state: State, policy: Policy) => {
  const waiting = Object.values(state.tasks).filter((task) => isMergeable(task) && lacksReview(state, task, policy));
  const [first] = waiting;
  if (!first) return nothingToDo({ message: 'No verified branch waits to be merged.', hint: 'Look at "list tasks".' });
  const message = `${plural(waiting.length, 'verified branch')} ${waiting.length === 1 ? 'waits' : 'wait'} for a review first: ${waiting.map(({ id }) => id).join(', ')}.`;
  return nothingToDo({ message, hint: `Look at it: "review task ${first.id}", then "approve task ${first.id}".` });
};

const outcomeOf = (batch: Batch): Outcome => {
  const aside = batch.set_aside.map((one) => `${one.task} (${one.reason}: ${one.message})`);
  const merged = `${batch.id}: ${plural(batch.merged.length, 'branch')} merged into ${batch.target}`;
  const sideEffects = batch.merged.length > 0 ? [`${batch.target} moved to ${batch.head_commit.slice(0, 10)}`] : [];
  if (aside.length === 0) return { message: `${merged}.`, data: batch, sideEffects };
  const exit = batch.set_aside.some((one) => one.reason === 'error') ? 1 : 6;
  return { message: `${merged}, ${aside.length} set aside: ${aside.join('; ')}.`, data: batch, sideEffects, exit };
};

export const mergeBranch = defineCommand({
  verb: 'merge',
  noun: 'branch',
  summary: 'Merge verified branches in dependency order into the integration branch, with the check after each',
  example: 'merge completed branches',
  role: 'integrator',
  modifiers: ['dry-run'],
  later: { modifiers: ['conflict-resolve', 'squash', 'rebase'], parameters: ['to'] },
  target: 'required',
  reads: false,
  effects:
    'merges into the integration branch in a worktree of its own, with the checks after each; your branches are not touched',
  params,
  result: z.union([
    batchSchema,
    z
      .object({ target: z.string(), tasks: z.array(z.string()) })
      .describe('With dry-run: what would be merged, in order'),
  ]),
  run: async (context, { id, state: states = [] }, modifiers) => {
    const other = states.find((word) => !['completed', 'done', 'unmerged'].includes(word));
    if (other !== undefined)
      throw badParameter({ command: 'merge branch', key: 'state', issue: `"${other}" work is not merged` });
    const order = (state: State) =>
      mergeOrder(
        chooseTasks(state, id, context.settings.review).map((task) => task.id),
        graphOf(Object.keys(state.tasks), state.tasks),
      );
    const { integration } = context.settings.branches;
    if (modifiers.includes('dry-run')) {
      const tasks = order(context.store.state);
      return {
        message: `${plural(tasks.length, 'task')} would be merged into ${integration}: ${tasks.join(', ') || 'none'}.`,
        data: { target: integration, tasks },
      };
    }
    const base = (await context.git.resolve(`refs/heads/${integration}`)) ?? (await baseCommit(context));
    const facts = await context.decide((state) => {
      assertNoneUnderWay(state);
      const tasks = order(state);
      if (tasks.length === 0) throw nothingToMerge(state, context.settings.review);
      return [
        {
          type: 'batch.started',
          data: { id: `batch-${state.swarm.next_batch}`, target: integration, base_commit: base, tasks },
        },
      ];
    });
    const batchId = dataOf(facts, 'batch.started')[0]!.id;
    const state = await context.store.until((now) => now.batches[batchId]?.state === 'finished', context.signal);
    return outcomeOf(state.batches[batchId]!);
  },
});
