import { z } from 'zod';
import { dataOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { type Instance, instanceSchema } from '../../state/instances.ts';
import { isPresent, mayMove } from '../../state/moves.ts';
import { nameInstances, plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { instanceParams, requireSome, selectInstances } from '../selection.ts';
import { interruptFacts } from '../tasks/assign-facts.ts';
import { checkLimit, startOutcome, untilSettled } from './launch-facts.ts';
import { bringBackFact, isLost, keptRunOf } from './lost-instances.ts';

/**
 * A program that was ended does not go on with its task by itself: the task goes back into its queue as a new attempt.
 */
const takeUpAgainFacts = (state: State, { instance_id: instance, task_assignments }: Instance): EventDraft[] =>
  task_assignments
    .flatMap((id) => state.tasks[id] ?? [])
    .filter((task) => task.state === 'running')
    .flatMap((task): EventDraft[] => [
      ...interruptFacts(task, `${instance} was restarted`),
      { type: 'task.requested', data: { ids: [task.id] } },
      {
        type: 'task.assigned',
        data: { id: task.id, instance, pinned: task.pinned, reason: `${instance} was restarted` },
      },
    ]);

const runsOn = (state: State, one: Instance): boolean =>
  !isLost(one) && one.task_assignments.some((id) => state.tasks[id]?.state === 'running');

export const restartInstance = defineCommand({
  verb: 'restart',
  noun: 'instance',
  summary: 'Start the agent’s program again in the same worktree; it goes on with its conversation unless fresh',
  example: 'restart instance rehearsal-3',
  role: 'operator',
  modifiers: ['fresh', 'force'],
  target: 'required',
  reads: false,
  effects: 'ends the agents’ programs and starts them again in the same worktrees',
  params: z.object(instanceParams),
  result: z.array(instanceSchema),
  loss: (state, params) => {
    const found = requireSome(selectInstances(state, params), 'instance', params);
    const busy = found.filter((one) => runsOn(state, one));
    if (busy.length === 0 && found.length === 1) return undefined;
    const targets = found.map((one) => one.instance_id);
    return {
      targets,
      loses: `This starts ${plural(targets.length, 'instance')} again (${targets.join(', ')}); ${plural(busy.length, 'run')} in progress ${busy.length === 1 ? 'is' : 'are'} interrupted.`,
    };
  },
  run: async (context, params, modifiers) => {
    const facts = await context.decide((state) => {
      const found = requireSome(selectInstances(state, params), 'instance', params);
      checkLimit(context, state, found.filter((one) => !isPresent(one.state.kind)).length);
      return found.flatMap((one): EventDraft[] => {
        if (!mayMove(one.state.kind, 'creating'))
          throw wrongState({
            id: one.instance_id,
            state: one.state.kind,
            wants: 'it cannot be restarted now',
            hint: 'Wait until it has stopped or started.',
          });
        const fresh = modifiers.includes('fresh');
        // An instance whose program went away in the middle of a run keeps that run.
        if (!fresh && keptRunOf(state, one)) return [bringBackFact(context, state, one)];
        const data = { instance_id: one.instance_id, fresh };
        return [...takeUpAgainFacts(state, one), { type: 'instance.restart_requested', data }];
      });
    });
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
