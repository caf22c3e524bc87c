import { z } from 'zod';
import { alertSchema } from '../state/alerts.ts';
import type { State } from '../state/index.ts';
import { INSTANCE_STATES, type Instance } from '../state/instances.ts';
import { swarmSchema } from '../state/swarm.ts';
import { TASK_STATES, type Task, taskSchema } from '../state/tasks.ts';
import { isReady, taskPercent, waitingFor } from '../tasks/select.ts';
import type { Cell, Table, Tone } from './table.ts';

/** Glyph and tone of each state of an instance: never colour alone. */
export const INSTANCE_LOOK: Readonly<Record<Instance['state']['kind'], { glyph: string; tone: Tone }>> = {
  creating: { glyph: '◌', tone: 'dim' },
  starting: { glyph: '◌', tone: 'dim' },
  idle: { glyph: '○', tone: 'good' },
  working: { glyph: '●', tone: 'busy' },
  waiting: { glyph: '?', tone: 'bad' },
  verifying: { glyph: '◐', tone: 'busy' },
  paused: { glyph: '‖', tone: 'dim' },
  stuck: { glyph: '!', tone: 'bad' },
  limited: { glyph: '⧖', tone: 'bad' },
  stopping: { glyph: '◌', tone: 'dim' },
  stopped: { glyph: '□', tone: 'dim' },
  failed: { glyph: '✖', tone: 'bad' },
  lost: { glyph: '✖', tone: 'bad' },
  unknown: { glyph: '~', tone: 'dim' },
};

const TASK_TONE: Readonly<Record<Task['state'], Tone>> = {
  open: 'dim',
  assigned: 'busy',
  running: 'busy',
  verifying: 'busy',
  done: 'good',
  failed: 'bad',
  blocked: 'bad',
  cancelled: 'dim',
};

/** What people call a task's state: open ones are ready or wait, failed ones say why. */
export const taskWord = (task: Task, state: State): string => {
  if (task.archived && task.state === 'open') return 'archived';
  if (task.held && ['open', 'assigned'].includes(task.state)) return 'held back';
  if (task.state === 'open')
    return isReady(task, state.tasks) ? 'ready' : `waits for ${waitingFor(task, state.tasks).join(' ')}`;
  if (task.state === 'failed') return `failed: ${task.run?.failure?.class ?? 'unknown'}`;
  if (task.state === 'done' && task.batch !== null) return 'merged';
  return task.state;
};

const counted = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

const count = z.number().int();

/** Only states that occur are counted. */
const countsOf = (states: readonly string[]) => z.partialRecord(z.enum(states), count);

/** What {@link swarmStatus} answers. */
export const swarmStatusSchema = z.object({
  instances: z.object({ total: count }).and(countsOf(INSTANCE_STATES)),
  tasks: z.object({ total: count, ready: count, merged: count }).and(countsOf(TASK_STATES)),
  batches: count,
  alerts: z.array(alertSchema),
  daemon: swarmSchema.shape.daemon,
  seq: count.describe('The latest event'),
});

/** Numbers of the whole swarm. */
export const swarmStatus = (state: State) => {
  const instances = Object.values(state.instances);
  const tasks = Object.values(state.tasks);
  return {
    instances: { total: instances.length, ...counted(instances.map((one) => one.state.kind)) },
    tasks: {
      total: tasks.length,
      ...counted(tasks.map((task) => task.state)),
      ready: tasks.filter((task) => isReady(task, state.tasks)).length,
      merged: tasks.filter((task) => task.batch !== null).length,
    },
    batches: Object.keys(state.batches).length,
    alerts: Object.values(state.alerts),
    daemon: state.swarm.daemon,
    seq: state.seq,
  };
};

/** `2 working, 1 idle` in the order of urgency. */
export const instanceCounts = (state: State): string =>
  Object.entries(counted(Object.values(state.instances).map((one) => one.state.kind)))
    .map(([word, count]) => `${count} ${word}`)
    .join(', ') || 'none';

const colored = (instance: Instance): Cell => ({
  text: instance.instance_id,
  tone: { hex: instance.peacock_theme.primary_color },
});

/** The group is shown where there is one. */
const groupCells = (instances: readonly Instance[], text: string): Cell[] =>
  instances.some((one) => one.group !== null) ? [{ text }] : [];

export const instanceTable = (instances: readonly Instance[]): Table => ({
  head: [
    ...['instance', 'state', 'task'],
    ...groupCells(instances, 'group').map((cell) => cell.text),
    ...['branch', 'color', 'session'],
  ],
  rows: instances.map((one) => [
    colored(one),
    {
      text: `${INSTANCE_LOOK[one.state.kind].glyph} ${one.state.kind}${one.state.source === 'screen' ? ' (guess)' : ''}`,
      tone: INSTANCE_LOOK[one.state.kind].tone,
    },
    { text: one.task_assignments.join(' ') || '-' },
    ...groupCells(instances, one.group ?? '-'),
    { text: one.branch_name },
    { text: one.peacock_theme.color_name, tone: { hex: one.peacock_theme.primary_color } },
    { text: one.session, tone: 'dim' },
  ]),
  least: ['color', 'session', 'branch', 'task'],
  empty: 'No instance. Start some: launch 3 instances',
});

/** A task with the word that people use for its state. */
export const taskRowSchema = taskSchema.extend({
  word: z.string().describe('The state in words: ready, waits for 3.1, merged'),
  percent: z.number().int().describe('How far it is, 0 to 100; 100 only when it is done'),
});
export type TaskRow = z.infer<typeof taskRowSchema>;

export const withWord = (task: Task, state: State): TaskRow => ({
  ...task,
  word: taskWord(task, state),
  percent: taskPercent(task),
});

const UNDER_WAY = ['running', 'verifying', 'done'];

export const taskTable = (tasks: readonly TaskRow[]): Table => ({
  head: ['task', 'state', 'progress', 'instance', 'title'],
  rows: tasks.map((task) => [
    { text: task.id },
    { text: task.word, tone: TASK_TONE[task.state] },
    { text: UNDER_WAY.includes(task.state) ? `${task.percent}%` : '' },
    { text: task.assignee ?? task.run?.instance ?? '-' },
    { text: task.title },
  ]),
  least: ['progress', 'instance'],
  empty: 'No task. Import a plan: import spec PATH, or create one: create task "…"',
});
