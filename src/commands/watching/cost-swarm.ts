import { z } from 'zod';
import { entryOf } from '../../lib/entry.ts';
import type { State } from '../../state/index.ts';
import { moreTokens, NOTHING, type Spending, sumUsd } from '../../state/usage.ts';
import {
  costRow,
  costRowSchema,
  costText,
  instanceCost,
  instanceCostSchema,
  instanceCostTable,
  taskCost,
  taskCostSchema,
  taskCostTable,
} from '../../text/cost-rows.ts';
import { drawTable } from '../../text/table.ts';
import { defineCommand } from '../define.ts';

const result = z.object({
  total: costRowSchema.describe('Of everything that ever was, what was removed included'),
  instances: z.array(instanceCostSchema),
  removed: costRowSchema.nullable().describe('Of instances that are not there any more'),
  tasks: z.array(taskCostSchema),
});
type Data = z.infer<typeof result>;

/** The spending that is in the sum and in none of the parts. */
const restOf = (sum: Spending, parts: readonly Spending[]): Spending =>
  parts.reduce<Spending>(
    (rest, part) => ({
      ...moreTokens(rest, part),
      turns: rest.turns - part.turns,
      usd: Math.max(0, sumUsd(rest.usd, -part.usd)),
      unpriced_tokens: rest.unpriced_tokens - part.unpriced_tokens,
    }),
    sum,
  );

/** The tasks that have used anything; racers count for what they race for. */
const spenders = ({ usage, tasks }: State): readonly string[] => [
  ...new Set(Object.keys(usage.tasks).map((id) => entryOf(tasks, id)?.race_of ?? id)),
];

export const costSwarm = defineCommand({
  verb: 'cost',
  noun: 'swarm',
  summary: 'What was used so far, in tokens and money: by instance, by task and in all',
  example: 'cost swarm',
  role: 'viewer',
  modifiers: [],
  target: 'none',
  reads: true,
  params: z.object({}),
  result,
  run: async ({ store: { state }, settings: { budgets } }) => {
    const { usage } = state;
    const total = costRow('all', usage.swarm, budgets.swarm);
    const removed = costRow('removed', restOf(usage.swarm, Object.values(usage.instances)), {});
    const data: Data = {
      total,
      instances: Object.keys(usage.instances).map((id) => instanceCost(state, id, budgets.instance)),
      removed: removed.tokens > 0 || removed.turns > 0 ? removed : null,
      tasks: spenders(state).map((id) => taskCost(state, id, budgets.task)),
    };
    return { message: usage.swarm === NOTHING ? 'Nothing was used yet.' : `Used: ${costText(total)}.`, data };
  },
  draw: ({ total, instances, removed, tasks }: Data, view) =>
    instances.length === 0 && removed === null
      ? instanceCostTable([]).empty
      : [
          drawTable(instanceCostTable(instances, [...(removed ? [removed] : []), total]), view),
          ...(tasks.length === 0 ? [] : [drawTable(taskCostTable(tasks), view)]),
        ].join('\n\n'),
});
