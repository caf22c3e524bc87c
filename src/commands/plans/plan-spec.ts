import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { State } from '../../state/index.ts';
import { POLICIES, type Spec } from '../../state/specs.ts';
import { tasksOf } from '../../tasks/select.ts';
import { planSchema } from '../../text/plan-data.ts';
import { type Context, defineCommand } from '../define.ts';
import { idsParam, lookUp } from '../selection.ts';
import { applyLoss, drawPlan, makePlan, planParams } from './planning.ts';
import { replannedSpecs } from './replanning.ts';

const specsNamed = (state: State, ids: readonly string[]) => ids.map((id) => lookUp(state.specs, id, 'spec'));

const tasksIn = (state: State, ids: readonly string[]) =>
  specsNamed(state, ids).flatMap((spec) => [...tasksOf(spec, state.tasks)]);

/** What the tasks would wait for under each policy; nothing where a file cannot be read any more. */
const needsByPolicy = async (context: Context, specs: readonly Spec[]) => {
  try {
    const found = await Promise.all(
      POLICIES.map(async (policy) => [policy, (await replannedSpecs(context, specs, policy)).needs!] as const),
    );
    return new Map(found);
  } catch (error) {
    if (error instanceof AppError) return new Map();
    throw error;
  }
};

export const planSpec = defineCommand({
  verb: 'plan',
  noun: 'spec',
  summary: 'The same for the tasks of one imported plan, and what each policy would give for it',
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
    const { needs, facts } = await replannedSpecs(context, specs, input.strategy);
    const subject = (state: State) => ({ tasks: tasksIn(state, id), needs });
    const policies = await needsByPolicy(context, specs);
    return makePlan(context, { subject, input, modifiers, policies }, facts);
  },
  draw: drawPlan,
});
