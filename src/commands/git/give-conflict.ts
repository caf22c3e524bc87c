import { saidId } from '../../protocol/say.ts';
import { alertClearingFacts } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { presentIn } from '../../state/moves.ts';
import { backFacts } from '../../tasks/returned.ts';
import { fitInstruction } from '../../text/conflict-instruction.ts';
import { notFound, wrongState } from '../errors.ts';
import { assertTakesTasks } from '../tasks/assign-facts.ts';
import type { Conflict } from './conflicts.ts';

/** The instance that is meant: by its name, or by that of its agent the one with the least to do. */
export const takerOf = (state: State, agent: string): string => {
  if (Object.hasOwn(state.instances, agent)) return agent;
  const [one] = presentIn(state)
    .filter((instance) => instance.agent === agent && instance.state.kind !== 'stopping')
    .toSorted((a, b) => a.task_assignments.length - b.task_assignments.length);
  if (!one) throw notFound({ noun: 'instance', id: agent, known: Object.keys(state.instances) });
  return one.instance_id;
};

/** The work of a conflict with what an instance is told to make of it; refuses what cannot be given to that instance. */
export const giftOf = (state: State, { id, batch, task }: Conflict, to: string) => {
  const [work, met] = [state.tasks[task!]!, state.batches[batch!]!];
  assertTakesTasks(state, [work], to);
  const aside = met.set_aside.find((one) => one.task === work.id)!;
  const text = fitInstruction(state, met, aside);
  if (text === undefined)
    throw wrongState({
      id,
      state: 'not examined',
      wants: 'nobody knows where it is',
      hint: `Try it again: resolve conflict ${saidId(work.id)} auto`,
    });
  return { work, batch: met, text };
};

/** The facts that give the work of a conflict to an instance, with what both sides meant. */
export const giveFacts = (state: State, one: Conflict, to: string, by: string): EventDraft[] => {
  const { work, batch, text } = giftOf(state, one, to);
  return [
    ...backFacts(state, { batch, task: work, text, by }, to),
    ...alertClearingFacts(state, work.id, `given to ${to}`),
  ];
};
