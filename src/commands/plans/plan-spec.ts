import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { State } from '../../state/index.ts';
import { POLICIES, type Policy, type Spec } from '../../state/specs.ts';
import { tasksOf } from '../../tasks/select.ts';
import { planSchema } from '../../text/plan-data.ts';
import { type Context, defineCommand } from '../define.ts';
import { idsParam, lookUp } from '../selection.ts';
import { applyLoss, drawPlan, makePlan, planParams } from './planning.ts';
import { type Replanned, replannedSpecs } from './replanning.ts';

const specsNamed = (state: State, ids: readonly string[]) => ids.map((id) => lookUp(state.specs, id, 'spec'));

const tasksIn = (state: State, ids: readonly string[]) =>
  specsNamed(state, ids).flatMap((spec) => [...tasksOf(spec, state.tasks)]);

/** The plans as each policy would order them; nothing where a file cannot be read any more. */
const orderedByPolicy = async (context: Context, specs: readonly Spec[]): Promise<ReadonlyMap<Policy, Replanned>> => {
  try {
    const found = await Promise.all(
      POLICIES.map(async (policy) => [policy, await replannedSpecs(context, specs, policy)] as const),
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
  summary:
    'Show how the tasks of one imported plan can run, how long they take, and what each policy would give for it',
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
    const ordered = await orderedByPolicy(context, specs);
    const subject = (state: State) => ({ tasks: tasksIn(state, id), needs });
    const policies = new Map([...ordered].map(([policy, found]) => [policy, found.needs!]));
    const said = POLICIES.find((policy) => policy === input.strategy);
    const setAside = specs.some(({ name, policy }) => ordered.get(said ?? policy)?.setAside.includes(name));
    return makePlan(context, { subject, input, modifiers, policies, setAside }, facts);
  },
  draw: drawPlan,
});
