import { z } from 'zod';
import { isReady } from '../tasks/select.ts';
import { defineCommand } from './define.ts';
import { selectTasks, taskParams } from './selection.ts';
import { type TaskRow, taskTable, withWord } from './summary.ts';
import { drawTable } from './table.ts';
import { plural } from './wording.ts';

type Row = TaskRow & { readonly ready: boolean };

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
  params: z.object({ ...taskParams, limit: z.coerce.number().int().min(1).optional() }),
  run: async ({ store: { state } }, { limit, ...targets }) => {
    const found = selectTasks(state, targets).slice(0, limit);
    return {
      message: `${plural(found.length, 'task')}.`,
      data: found.map((task): Row => ({ ...withWord(task, state), ready: isReady(task, state.tasks) })),
    };
  },
  draw: (data: readonly Row[], view) => drawTable(taskTable(data), view),
});
