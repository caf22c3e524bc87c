import { z } from 'zod';
import { type InstanceCost, instanceCost, instanceCostSchema, instanceCostTable } from '../../text/cost-rows.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { instanceParams, selectInstances } from '../selection.ts';

export const costInstance = defineCommand({
  verb: 'cost',
  noun: 'instance',
  summary: 'What instances used so far: tokens, turns, money, and how full their conversations are',
  example: 'cost instance claude-1',
  role: 'viewer',
  agents: true,
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object(instanceParams),
  result: z.array(instanceCostSchema),
  run: async ({ store: { state }, settings: { budgets } }, targets) => {
    const data = selectInstances(state, targets).map((one) => instanceCost(state, one.instance_id, budgets.instance));
    return { message: `${plural(data.length, 'instance')}.`, data };
  },
  draw: (data: readonly InstanceCost[], view) => drawTable(instanceCostTable(data), view),
});
