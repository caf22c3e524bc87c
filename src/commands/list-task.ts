import { z } from 'zod';
import type { State } from '../state/index.ts';
import type { Task } from '../state/tasks.ts';
import { defineCommand } from './define.ts';
import { plural } from './launching.ts';
import { selectTasks, targetParams } from './selection.ts';
import { taskTable, taskWord } from './summary.ts';
import { drawTable } from './table.ts';

type Row = Task & { readonly ready: boolean };

/** The table needs to know of other tasks only what the rows themselves carry. */
const asState = (rows: readonly Row[]): State =>
  ({ tasks: Object.fromEntries(rows.map((row) => [row.id, row])) }) as unknown as State;

export const listTask = defineCommand({
  verb: 'list',
  noun: 'task',
  summary: 'List the tasks with their states and who has them',
  example: 'list failed tasks',
  role: 'viewer',
  agents: true,
  modifiers: ['detailed'],
  target: 'optional',
  reads: true,
  params: z.object({ ...targetParams, limit: z.coerce.number().int().min(1).optional() }),
  run: async ({ store: { state } }, { limit, ...targets }) => {
    const found = selectTasks(state, targets).slice(0, limit);
    return {
      message: `${plural(found.length, 'task')}.`,
      data: found.map((task): Row => ({ ...task, ready: taskWord(task, state) === 'ready' })),
    };
  },
  draw: (data: readonly Row[], view) => drawTable(taskTable(data, asState(data)), view),
});
