import { z } from 'zod';
import { saidId } from '../protocol/say.ts';
import { type AsideReason, type Batch, batchSchema } from '../state/batches.ts';
import type { State } from '../state/index.ts';
import { runsOf } from '../state/runs.ts';
import type { Run, Task } from '../state/tasks.ts';
import { waitsFor } from '../tasks/gates.ts';
import { cameAlongIn } from '../tasks/taken-work.ts';
import { batchNodeSchema, batchNodes } from './batch-graph.ts';

export const REPORT_FORMATS = ['markdown', 'html', 'json'] as const;

const ms = z.number().describe('Milliseconds');
const count = z.number().int();

const mergedSchema = batchSchema.shape.merged.element.extend({
  title: z.string(),
  instance: z.string().nullable(),
  by_hand: z.string().optional().describe('Who went on with it by hand after its agent had ended'),
  because: z.string().describe('Why it comes at this place'),
  attempts: count,
  checked: z.boolean().describe('Whether a check or gate had looked at it before the merge'),
  commits: count,
  files: count,
  insertions: count,
  deletions: count,
  work_ms: ms,
});

const asideSchema = batchSchema.shape.set_aside.element.extend({
  title: z.string(),
  merged_in: z.string().nullable().describe('The later batch that merged it after all'),
  todo: z.string().describe('What to do about it'),
});

export const integrationReportSchema = batchSchema
  .pick({ state: true, target: true, base_commit: true, head_commit: true, started_at: true, finished_at: true })
  .extend({
    batch: z.string(),
    rollback: batchSchema.shape.rollback,
    problem: batchSchema.shape.problem,
    merged: z.array(mergedSchema),
    along: z.array(z.string()).describe('The tasks whose work came along with that, and which count as merged by it'),
    set_aside: z.array(asideSchema),
    checks: batchSchema.shape.checks,
    strategy: batchSchema.shape.strategy,
    cancelled: batchSchema.shape.cancelled,
    delivery: batchSchema.shape.delivery,
    graph: z.array(batchNodeSchema).describe('Its tasks as they came, with what each builds on and conflicts with'),
    merge_ms: ms.describe('From the beginning of the batch to its end, checks included; 0 while it runs'),
    wall_ms: ms.describe('From the start of the first run of what it merged to the end of the batch'),
    sequential_ms: ms.describe('All these runs one after the other, and the batch'),
  });
export type IntegrationReport = z.infer<typeof integrationReportSchema>;

const between = (from: string, to: string | null): number => {
  // biome-ignore lint/style/noRestrictedGlobals: it reads times that were recorded, and asks no clock.
  const [start, end] = [Date.parse(from), to === null ? Number.NaN : Date.parse(to)];
  return Number.isNaN(end) ? 0 : Math.max(0, end - start);
};

const taskOf = (state: State, id: string): Task | undefined =>
  Object.hasOwn(state.tasks, id) ? state.tasks[id] : undefined;

/** The run whose branch was merged: the task may have been opened again since. */
const runMerged = (task: Task | undefined, branch: string): Run | undefined =>
  task && runsOf(task).findLast((run) => run.branch === branch && run.result);

const orderOf = (state: State, earlier: readonly string[], task: Task | undefined): string => {
  const needs = task ? earlier.filter((id) => waitsFor(task, taskOf(state, id) ?? { id })) : [];
  return needs.length > 0
    ? `it builds on ${needs.join(', ')}`
    : 'it builds on nothing in this batch, and stands here in the order of the plans';
};

const TODO: Readonly<Record<AsideReason, (task: string) => string>> = {
  conflict: (task) => `Bring what is merged into its branch, then: merge branch ${saidId(task)}`,
  gate: (task) => `Have it done again: retry task ${saidId(task)}`,
  dependency: (task) => `Merge what it builds on first, then: merge branch ${saidId(task)}`,
  withdrawn: (task) => `Have it done again: run task ${saidId(task)}`,
  stopped: () => 'Nothing is wrong with it: merge completed branches',
  moved: () => 'Look at who moved the branch, then: merge completed branches',
  'checked-out': () => 'Check another branch out there, then: merge completed branches',
  busy: () => 'When no other git is at work: merge completed branches',
  base: () => 'Repair what it was to be merged onto, as the message says, then: merge completed branches',
  error: () => 'See to what the message says, then: merge completed branches',
};

const asideRow = (
  state: State,
  batch: Batch,
  aside: Batch['set_aside'][number],
): IntegrationReport['set_aside'][number] => {
  const all = Object.values(state.batches);
  const later = all.slice(all.findIndex(({ id }) => id === batch.id) + 1);
  const merging = later.find(
    (one) => one.state !== 'rolled-back' && one.merged.some(({ task }) => task === aside.task),
  );
  const back =
    aside.sent_back && `Nothing: it went back to ${aside.sent_back.to ?? 'whoever takes it'} and comes by itself`;
  const todo = merging
    ? `Nothing: it was merged in ${merging.id}`
    : (back ?? TODO[aside.spoiled ? 'gate' : aside.reason](aside.task));
  return { ...aside, title: taskOf(state, aside.task)?.title ?? '', merged_in: merging?.id ?? null, todo };
};

/** All that is known of a batch: what it merged and why in this order, how the checks went, what is left to do. */
export const integrationReport = (state: State, batch: Batch): IntegrationReport => {
  const runs = batch.merged.map(({ task, branch }) => runMerged(taskOf(state, task), branch));
  const merged = batch.merged.map((one, at): IntegrationReport['merged'][number] => {
    const [task, run] = [taskOf(state, one.task), runs[at]];
    const earlier = batch.merged.slice(0, at).map((before) => before.task);
    return {
      ...one,
      title: task?.title ?? '',
      instance: run?.instance ?? null,
      ...(run?.by_hand === undefined ? {} : { by_hand: run.by_hand }),
      because: batch.reasons[one.task] ?? orderOf(state, earlier, task),
      attempts: run?.attempt ?? 0,
      checked: (run?.result?.check_ms ?? 0) > 0,
      commits: run?.result?.commits ?? 0,
      files: run?.result?.files ?? 0,
      insertions: run?.result?.insertions ?? 0,
      deletions: run?.result?.deletions ?? 0,
      work_ms: run ? between(run.started_at, run.ended_at) : 0,
    };
  });
  const { id, target, base_commit, head_commit, started_at, finished_at, rollback, checks } = batch;
  const { strategy, cancelled, delivery, problem } = batch;
  const merge_ms = between(started_at, finished_at);
  const first = runs.flatMap((run) => run?.started_at ?? []).toSorted()[0] ?? started_at;
  return {
    ...{ batch: id, state: batch.state, target, base_commit, head_commit, started_at, finished_at, rollback, checks },
    ...{ strategy, cancelled, delivery, graph: batchNodes(state, batch) },
    ...(problem === undefined ? {} : { problem }),
    merged,
    along: cameAlongIn(state, batch).map((task) => task.id),
    set_aside: batch.set_aside.map((aside) => asideRow(state, batch, aside)),
    merge_ms,
    wall_ms: between(first, finished_at),
    sequential_ms: merged.reduce((sum, one) => sum + one.work_ms, merge_ms),
  };
};
