import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { selectTasks, taskParams } from '../selection.ts';
import { drawTable } from '../table.ts';
import { plural } from '../wording.ts';
import { type TaskCost, taskCost, taskCostSchema, taskCostTable } from './cost-rows.ts';

export const costTask = defineCommand({
  verb: 'cost',
  noun: 'task',
  summary: 'What tasks used so far in all their runs: tokens, turns and money',
  example: 'cost task 3.1',
  role: 'viewer',
  agents: true,
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object(taskParams),
  result: z.array(taskCostSchema),
  run: async ({ store: { state }, settings: { budgets } }, targets) => {
    const data = selectTasks(state, targets).map((one) => taskCost(state, one.id, budgets.task));
    return { message: `${plural(data.length, 'task')}.`, data };
  },
  draw: (data: readonly TaskCost[], view) => drawTable(taskCostTable(data), view),
});
