import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import { type Run, runSchema, type Task } from '../../state/tasks.ts';
import { isUncheckedResult } from '../../tasks/select.ts';
import { costText, taskCost, taskCostSchema } from '../../text/cost-rows.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { idsParam, oneTask } from '../selection.ts';

/** The task that is named, and its last run. */
const lastRunOf = (state: State, ids: readonly string[]): { readonly task: Task; readonly run: Run } => {
  const task = oneTask(state, ids);
  const run = task.run ?? task.history.at(-1);
  if (!run) throw nothingToDo({ message: `${task.id} has not been run.`, hint: `Say: run task ${saidId(task.id)}` });
  return { task, run };
};

export const showResult = defineCommand({
  verb: 'show',
  noun: 'result',
  summary: 'What a verified run left behind: commits, size of the change, output of the check',
  example: 'show result 3.1',
  role: 'viewer',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: true,
  params: z.object({ id: idsParam }),
  result: runSchema.extend({
    task: z.string(),
    usage: taskCostSchema.describe('What the task has used, in all its runs'),
  }),
  refuses: ({ state }, { id }) => void lastRunOf(state, id),
  run: async ({ store: { state }, settings }, { id }) => {
    const { task, run } = lastRunOf(state, id);
    const { result, failure } = run;
    const usage = taskCost(state, task.id, settings.budgets.task);
    const lines = [
      `${task.id} ${task.title}: ${task.state}, attempt ${run.attempt} by ${run.instance} on ${run.branch}`,
      ...(run.summary ? [`summary: ${run.summary}`] : []),
      ...(usage.tokens > 0 ? [`used: ${costText(usage)}`] : []),
      ...(failure ? [`failed (${failure.class}): ${failure.message}`] : []),
      ...(result
        ? [
            `${plural(result.commits, 'commit')}, ${plural(result.files, 'file')}, +${result.insertions} −${result.deletions}, ${isUncheckedResult(result) ? 'unchecked' : `check ${Math.round(result.check_ms)} ms`}`,
            result.check_output,
          ]
        : []),
    ];
    return { message: lines.join('\n').trimEnd(), data: { task: task.id, ...run, usage } };
  },
});
