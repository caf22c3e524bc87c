import { z } from 'zod';
import { foretoldNames } from '../../lib/names.ts';
import { idsOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { flagParam, requireSome, selectTasks, taskParams } from '../selection.ts';
import { assignFacts, interruptLoss } from './assign-facts.ts';
import { waitingText } from './not-begun.ts';

const pinParam = flagParam.optional().describe('Whether it waits for this instance whatever happens (default: true)');

const params = z.object({ ...taskParams, to: z.string().describe('The instance'), pin: pinParam });

const factsFor = (state: State, { to, pin, ...targets }: z.infer<typeof params>): EventDraft[] =>
  assignFacts(state, requireSome(selectTasks(state, targets), 'task', targets), to, pin ?? true);

export const assignTask = defineCommand({
  verb: 'assign',
  noun: 'task',
  summary: 'Give tasks to an instance by hand; they wait in its queue and are not moved by the planner',
  example: 'assign task 3.1 to rehearsal-2',
  role: 'operator',
  modifiers: ['pin'],
  aloud: ['pin'],
  target: 'required',
  reads: false,
  effects: 'puts the tasks into the queue of the instance; a run elsewhere is interrupted',
  params,
  result: z.object({
    instance: z.string(),
    tasks: z.array(z.string()).describe('What it got now'),
    queue: z.array(z.string()).describe('All that it has'),
  }),
  loss: (state, { to, pin: _pin, ...targets }) =>
    interruptLoss(requireSome(selectTasks(state, targets), 'task', targets).filter((task) => task.assignee !== to)),
  refuses: ({ state }, input) => void factsFor(state, input),
  foretells: ({ state }, { to, pin: _pin, ...targets }) => {
    const ids = requireSome(selectTasks(state, targets), 'task', targets).map(({ id }) => id);
    const which = ids.length === 1 ? ids[0]! : `${plural(ids.length, 'task')}: ${foretoldNames(ids)}`;
    const waits = waitingText(state.tasks, ids).trim();
    return `assigns ${which} to ${to}${waits === '' ? '' : ` · ${waits}`}`;
  },
  run: async (context, input) => {
    const { to } = input;
    const facts = await context.decide((state) => factsFor(state, input));
    const ids = idsOf(facts, 'task.assigned');
    const queue = context.store.state.instances[to]?.task_assignments ?? [];
    return {
      message: `${ids.length === 0 ? `${to} is at it already` : `${to} gets ${ids.join(', ')}`}; its queue: ${queue.join(', ') || 'empty'}.${waitingText(context.store.state.tasks, ids)}`,
      data: { instance: to, tasks: ids, queue },
    };
  },
});
