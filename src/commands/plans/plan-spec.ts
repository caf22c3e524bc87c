import { z } from 'zod';
import type { State } from '../../state/index.ts';
import { tasksOf } from '../../tasks/select.ts';
import { planSchema } from '../../text/plan-data.ts';
import { defineCommand } from '../define.ts';
import { idsParam, lookUp } from '../selection.ts';
import { applyLoss, drawPlan, makePlan, planParams } from './planning.ts';
import { replannedSpecs } from './replanning.ts';

const specsNamed = (state: State, ids: readonly string[]) => ids.map((id) => lookUp(state.specs, id, 'spec'));

const tasksIn = (state: State, ids: readonly string[]) =>
  specsNamed(state, ids).flatMap((spec) => [...tasksOf(spec, state.tasks)]);

export const planSpec = defineCommand({
  verb: 'plan',
  noun: 'spec',
  summary: 'The same for the tasks of one imported plan',
  example: 'plan spec demo strategy=strict',
  role: 'viewer',
  modifiers: ['auto', 'dry-run', 'apply'],
  writesWith: ['apply'],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam.describe('Which plans'), ...planParams }),
  result: planSchema,
  loss: (state, { id }, modifiers) =>
    modifiers.includes('apply') && !modifiers.includes('dry-run') ? applyLoss(state, tasksIn(state, id)) : undefined,
  run: async (context, { id, ...input }, modifiers) => {
    const specs = specsNamed(context.store.state, id);
    const { dependencies, facts } = await replannedSpecs(context, specs, input.strategy);
    const subject = (state: State) => ({ tasks: tasksIn(state, id), dependencies });
    return makePlan(context, { subject, input, modifiers }, facts);
  },
  draw: drawPlan,
});
