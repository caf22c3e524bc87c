import { z } from 'zod';
import { formatDuration } from '../../lib/duration.ts';
import { shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { type Run, runSchema, type Task } from '../../state/tasks.ts';
import { isTakenBack } from '../../tasks/built-on.ts';
import { mergedIn } from '../../text/built-on-text.ts';
import { drawTable } from '../../text/table.ts';
import { doneBy, plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { selectTasks, taskParams } from '../selection.ts';

const attemptSchema = runSchema
  .pick({
    attempt: true,
    instance: true,
    branch: true,
    mode: true,
    started_at: true,
    ended_at: true,
    restarts: true,
    by_hand: true,
  })
  .extend({
    task: z.string(),
    title: z.string(),
    agent: z.string().nullable().describe('The program; null where its instance is gone'),
    approach: z.string().describe('With what it began, and how'),
    result: z.string().describe('How it ended'),
  });
type Attempt = z.infer<typeof attemptSchema>;

const runsOf = ({ history, run }: Task): readonly Run[] => [...history, ...(run ? [run] : [])];

/** With what an attempt began: the branch of one before it, or one of its own, and whose commits are in that. */
const beginningOf = (run: Run, before: readonly Run[]): string => {
  const last = before.findLast(({ branch }) => branch === run.branch);
  if (last) return `goes on on the branch of attempt ${last.attempt}`;
  const from = before.findLast(({ branch }) => branch === run.goes_on_from);
  const begins = from ? `, which begins with the commits of attempt ${from.attempt}` : '';
  return `on a branch of its own, ${run.branch}${begins}`;
};

/** How an attempt ended, after those before it. */
const resultOf = (state: State, task: Task, run: Run, before: readonly Run[]): string => {
  if (run.failure) return `${run.failure.class}: ${run.failure.message}`;
  if (run.result) {
    const { commits, files, insertions, deletions, head_commit: head } = run.result;
    const batch = mergedIn(state, task, run);
    const isBack = isTakenBack(state, { task: task.id, commit: head });
    const merged = batch !== undefined ? `, merged in ${batch}` : isBack ? ', merged and rolled back' : '';
    // What was to be looked at and not changed is at the same commit each time.
    const isSame = commits > 0 && before.some(({ result }) => result?.head_commit === head);
    return `${isSame ? 'nothing changed since it was sent back' : 'verified'}: ${plural(commits, 'commit')}, ${plural(files, 'file')}, +${insertions} −${deletions}${merged}`;
  }
  return run === task.run ? task.state : 'taken away';
};

const attemptsOf = (state: State, task: Task): readonly Attempt[] =>
  runsOf(task).map((run, at, all) => {
    const { attempt, instance, branch, mode, started_at, ended_at, restarts } = run;
    const agent = Object.hasOwn(state.instances, instance) ? state.instances[instance]!.agent : null;
    const how = [...(mode === null ? [] : [`${mode} mode`]), beginningOf(run, all.slice(0, at))];
    return {
      ...{ task: task.id, title: task.title, attempt, instance, agent, branch, mode, started_at, ended_at, restarts },
      ...(run.by_hand === undefined ? {} : { by_hand: run.by_hand }),
      approach: how.join(', '),
      result: resultOf(state, task, run, all.slice(0, at)),
    };
  });

const msOf = (time: string): number => Date.parse(time);

export const historyTask = defineCommand({
  verb: 'history',
  noun: 'task',
  summary: 'The attempts of tasks: who made each, with what approach, and how it ended',
  example: 'history task 3.1',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object(taskParams),
  result: z.array(attemptSchema),
  run: async ({ store: { state } }, params) => {
    const data = selectTasks(state, params).flatMap((task) => attemptsOf(state, task));
    const tasks = new Set(data.map(({ task }) => task)).size;
    return { message: `${plural(data.length, 'attempt')} of ${plural(tasks, 'task')}.`, data };
  },
  draw: (data: readonly Attempt[], view) =>
    drawTable(
      {
        head: ['task', 'attempt', 'by', 'agent', 'approach', 'took', 'result'],
        rows: data.map((one) => [
          { text: one.task },
          { text: String(one.attempt) },
          { text: doneBy(one) },
          { text: one.agent ?? '-' },
          { text: shownLine(one.approach) },
          { text: one.ended_at === null ? '-' : formatDuration(msOf(one.ended_at) - msOf(one.started_at)) },
          { text: shownLine(one.result), ...(one.result.startsWith('verified') ? { tone: 'good' as const } : {}) },
        ]),
        empty: 'No task has been run.',
        least: ['took', 'agent'],
      },
      view,
    ),
});
