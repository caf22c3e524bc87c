import { z } from 'zod';
import { saidName } from '../../protocol/say.ts';
import { idsOf } from '../../state/facts.ts';
import { POLICIES } from '../../state/specs.ts';
import { countRules, GRAPH_SET_ASIDE, orderText } from '../../text/order-text.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { flagParam, idsParam, lookUp, requireOne } from '../selection.ts';
import { hasBegun } from './match-tasks.ts';
import { choiceFacts, needsFacts, needsOf, reorderedSpec } from './replanning.ts';

export const setSpec = defineCommand({
  verb: 'set',
  noun: 'spec',
  summary: 'Order an imported plan by another policy; tasks that have begun keep what they waited for',
  example: 'set spec demo policy=strict',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'spec',
  reads: false,
  effects: 'changes what the tasks of the plan wait for',
  params: z.object({
    id: idsParam.describe('Which plan'),
    policy: z.enum(POLICIES).optional().describe('What depends on what'),
    barrier: flagParam
      .optional()
      .describe('Tasks for “All requirements” wait for all others; --no-barrier: they do not'),
  }),
  result: z.object({
    spec: z.string(),
    policy: z.enum(POLICIES),
    barrier: z.boolean(),
    edges: z.number().int().describe('Dependencies'),
    changed: z.array(z.string()).describe('Tasks that wait for something else now'),
    kept: z.array(z.string()).describe('Tasks that have begun and stay as they are'),
  }),
  run: async (context, { id, policy, barrier }) => {
    const spec = lookUp(context.store.state.specs, requireOne(id, 'spec'), 'spec');
    if (policy === undefined && barrier === undefined)
      throw nothingToDo({
        message: 'Nothing was said to change.',
        hint: `Say what, for example: set spec ${saidName(spec.name)} policy=strict`,
      });
    const choice = { policy: policy ?? spec.policy, barrier: barrier ?? spec.barrier };
    const plan = await reorderedSpec(context, spec, choice);
    const facts = await context.decide((state) => [
      ...choiceFacts(state, spec.name, choice),
      ...needsFacts(state, needsOf(state, plan)),
    ]);
    const changed = idsOf(facts, 'task.edited');
    const { tasks } = context.store.state;
    const kept = plan.plans.map((task) => task.id).filter((one) => tasks[one] && hasBegun(tasks[one]));
    const order = orderText({ ...choice, order: plan.order, rules: countRules(plan.plans) });
    const message = `${spec.name}: ${plural(plan.edges, 'dependency')} (${order}); ${plural(changed.length, 'task')} changed, ${kept.length} begun and kept as before.${plan.setsGraphAside ? ` ${GRAPH_SET_ASIDE}` : ''}`;
    return { message, data: { spec: spec.name, ...choice, edges: plan.edges, changed, kept } };
  },
});
