import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import { planSchema } from '../../text/plan-data.ts';
import { defineCommand } from '../define.ts';
import { applyLoss, drawPlan, makePlan, planParams } from './planning.ts';
import { replannedSpecs } from './replanning.ts';

export const planTask = defineCommand({
  verb: 'plan',
  noun: 'task',
  summary:
    'Show which tasks can run together, in which order, how long it takes and who would do what; apply queues them',
  example: 'plan tasks',
  role: 'viewer',
  modifiers: ['auto', 'dry-run', 'apply'],
  writesWith: ['apply'],
  target: 'none',
  reads: true,
  params: z.object({ scope: z.literal('all').optional(), ...planParams }),
  result: planSchema,
  loss: (state, _params, modifiers) =>
    modifiers.includes('apply') && !modifiers.includes('dry-run') ? applyLoss(state, valuesOf(state.tasks)) : undefined,
  run: async (context, input, modifiers) => {
    const { needs, facts } = await replannedSpecs(context, Object.values(context.store.state.specs), input.strategy);
    const subject = (state: typeof context.store.state) => ({ tasks: valuesOf(state.tasks), needs });
    return makePlan(context, { subject, input, modifiers }, facts);
  },
  draw: drawPlan,
});
