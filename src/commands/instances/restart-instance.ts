import { z } from 'zod';
import { dataOf } from '../../state/facts.ts';
import type { State } from '../../state/index.ts';
import { type Instance, instanceSchema } from '../../state/instances.ts';
import { isPresent, mayMove } from '../../state/moves.ts';
import { nameInstances, plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { instanceParams, requireSome, selectInstances, type Targets } from '../selection.ts';
import { checkLimit, startOutcome, untilSettled } from './launch-facts.ts';
import { bringBackFact, isLost, runOf } from './lost-instances.ts';

/** The instances to be started again; refuses one that is on its way, and more than may live. */
const restartable = (context: Pick<Context, 'settings'>, state: State, params: Targets): readonly Instance[] => {
  const found = requireSome(selectInstances(state, params), 'instance', params);
  checkLimit(context, state, found.filter((one) => !isPresent(one.state.kind)).length);
  const wrong = found.find((one) => !mayMove(one.state.kind, 'creating'));
  if (!wrong) return found;
  throw wrongState({
    id: wrong.instance_id,
    state: wrong.state.kind,
    wants: 'it cannot be restarted now',
    hint: 'Wait until it has stopped or started.',
  });
};

export const restartInstance = defineCommand({
  verb: 'restart',
  noun: 'instance',
  summary:
    'Start the agent’s program again in the same worktree; it goes on with its task and, unless fresh, its conversation',
  example: 'restart instance rehearsal-3',
  role: 'operator',
  modifiers: ['fresh', 'force'],
  aloud: ['force'],
  target: 'required',
  reads: false,
  effects: 'ends the agents’ programs and starts them again in the same worktrees',
  params: z.object(instanceParams),
  result: z.array(instanceSchema),
  loss: (state, params) => {
    const found = requireSome(selectInstances(state, params), 'instance', params);
    const busy = found.filter((one) => !isLost(one) && runOf(state, one));
    if (busy.length === 0 && found.length === 1) return undefined;
    const targets = found.map((one) => one.instance_id);
    return {
      targets,
      loses: `This starts ${plural(targets.length, 'instance')} again (${targets.join(', ')}); ${plural(busy.length, 'run')} in progress ${busy.length === 1 ? 'is interrupted and goes' : 'are interrupted and go'} on where ${busy.length === 1 ? 'it' : 'they'} stopped.`,
    };
  },
  refuses: ({ state, settings }, params) => void restartable({ settings }, state, params),
  run: async (context, params, modifiers) => {
    // Nothing is ended for a program that could not be started.
    const wanted = selectInstances(context.store.state, params).filter((one) => mayMove(one.state.kind, 'creating'));
    for (const agent of new Set(wanted.map((one) => one.agent))) await context.agents.assertStartable(agent);
    const facts = await context.decide((state) =>
      restartable(context, state, params).map((one) => bringBackFact(context, state, one, modifiers.includes('fresh'))),
    );
    const ids = dataOf(facts, 'instance.restart_requested').map(({ instance_id }) => instance_id);
    const state = await untilSettled(context, ids);
    const outcome = startOutcome(
      state,
      ids,
      `Restarted ${plural(ids.length, 'instance')}: ${nameInstances(state, ids)}.`,
    );
    return { ...outcome, sideEffects: ids.map((id) => `program of ${id} started again`) };
  },
});
