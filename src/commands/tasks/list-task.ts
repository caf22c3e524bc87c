import { z } from 'zod';
import { instantOf } from '../../lib/instant.ts';
import { valuesOf } from '../../lib/records.ts';
import { oneLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { PRIORITIES, type Task } from '../../state/tasks.ts';
import { leftToTell, runElapsed, type Speed, speedOf } from '../../tasks/forecast.ts';
import { isReady } from '../../tasks/select.ts';
import { drawTable } from '../../text/table.ts';
import { taskRowSchema, taskTable, withWord } from '../../text/task-rows.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { lookUp, selectTasks, taskParams } from '../selection.ts';

const params = z.object({
  ...taskParams,
  spec: z.string().optional().describe('Only those of this plan'),
  group: z.coerce
    .string()
    .optional()
    .describe('Only those of this part of a plan, or asked of this group of instances'),
  assignee: z.string().optional().describe('Only those that this instance has or had last'),
  priority: z.enum(PRIORITIES).optional().describe('Only those of this priority'),
  search: z.coerce.string().optional().describe('Only those with this text in id, title, description or details'),
  limit: z.coerce.number().int().min(1).optional().describe('Only so many'),
});
type Filters = z.infer<typeof params>;

const rowSchema = taskRowSchema.extend({
  ready: z.boolean().describe('Can be run now'),
  elapsed_ms: z.number().nullable().describe('How long its run took, or takes so far'),
  eta_ms: z.number().nullable().describe('While it runs: how long it still takes, as finished runs tell'),
});
type Row = z.infer<typeof rowSchema>;

const isSame = (a: string | null, b: string): boolean => a !== null && oneLine(a).toLowerCase() === b.toLowerCase();

const matchesFilters = (task: Task, { spec, group, assignee, priority, search }: Filters): boolean => {
  if (spec !== undefined && task.spec !== spec) return false;
  if (group !== undefined && !isSame(task.group, group) && !isSame(task.run_group, group)) return false;
  if (assignee !== undefined && (task.assignee ?? task.run?.instance) !== assignee) return false;
  if (priority !== undefined && task.priority !== priority) return false;
  if (search === undefined) return true;
  const text = [task.id, task.title, task.description, ...task.details].join('\n').toLowerCase();
  return text.includes(search.toLowerCase());
};

/** Refuses the name of a plan or an instance that does not exist: it would silently match no task. */
const checkNames = (state: State, { spec, assignee }: Filters): void => {
  if (spec !== undefined) lookUp(state.specs, spec, 'spec');
  if (assignee !== undefined) lookUp(state.instances, assignee, 'instance');
};

const rowOf = (state: State, task: Task, { now, speed }: { now: string; speed: Speed | null }): Row => {
  const active = task.state === 'running' || task.state === 'verifying';
  return {
    ...withWord(task, state),
    ready: isReady(task, state.tasks) && !task.held,
    elapsed_ms: runElapsed(task, now),
    eta_ms: active ? leftToTell(task, { speed, instances: state.instances, now: instantOf(now) }) : null,
  };
};

/** The answer where there are tasks, and none is like what was asked for. */
const NONE_MATCHES = 'No task matches.';

export const listTask = defineCommand({
  verb: 'list',
  noun: 'task',
  summary: 'List the tasks with their states and who has them',
  example: 'list failed tasks',
  role: 'viewer',
  agents: true,
  modifiers: ['detailed', 'archived'],
  target: 'optional',
  reads: true,
  params,
  result: z.array(rowSchema),
  refuses: ({ state }, filters) => {
    checkNames(state, filters);
    selectTasks(state, filters);
  },
  run: async ({ store: { state }, now }, filters, modifiers) => {
    checkNames(state, filters);
    const wanted = modifiers.includes('archived')
      ? { ...filters, state: [...(filters.state ?? []), 'archived'] }
      : filters;
    const found = selectTasks(state, wanted).filter((task) => matchesFilters(task, filters));
    const known = { now: now(), speed: speedOf(valuesOf(state.tasks)) };
    const isNoneMatching = found.length === 0 && Object.keys(state.tasks).length > 0;
    return {
      message: isNoneMatching ? NONE_MATCHES : `${plural(found.length, 'task')}.`,
      data: found.slice(0, filters.limit).map((task) => rowOf(state, task, known)),
    };
  },
  draw: (data: readonly Row[], view, message) =>
    message === NONE_MATCHES ? message : drawTable(taskTable(data), view),
});
