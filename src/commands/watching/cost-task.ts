import { z } from 'zod';
import { type TaskCost, taskCost, taskCostSchema, taskCostTable } from '../../text/cost-rows.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { selectTasks, taskParams } from '../selection.ts';

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
