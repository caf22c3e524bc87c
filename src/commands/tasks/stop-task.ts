import { z } from 'zod';
import { idsOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { isRacing, raceEndFacts } from '../../tasks/race.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { isActive, requireSome, selectTasks, type Targets, taskParams } from '../selection.ts';
import { interruptFacts } from './assign-facts.ts';

/** The tasks whose runs end, of which there must be one. */
const chooseTasks = (state: State, params: Targets): readonly Task[] => {
  const found = requireSome(selectTasks(state, params), 'task', params).filter(isActive);
  if (found.length === 0) throw nothingToDo({ message: 'None of them is at work.', hint: 'Look at "list tasks".' });
  return found;
};

export const stopTask = defineCommand({
  verb: 'stop',
  noun: 'task',
  summary: 'Interrupt the run of a task; its instance and its branch stay, the task is open again',
  example: 'stop task 3.1',
  role: 'operator',
  modifiers: ['graceful', 'force'],
  target: 'required',
  reads: false,
  effects: 'interrupts the agent; branch and instance stay, the task is open again',
  params: z.object(taskParams),
  result: z.array(z.string()).describe('The tasks that are open again'),
  loss: (state, params) => {
    const targets = chooseTasks(state, params).map((task) => task.id);
    return {
      targets,
      loses: `This interrupts ${plural(targets.length, 'task')} (${targets.join(', ')}); what is committed stays on the branches.`,
    };
  },
  targets: (state, params) => chooseTasks(state, params).map(({ id }) => id),
  run: async (context, params) => {
    const facts = await context.decide((state) =>
      chooseTasks(state, params).flatMap((task): EventDraft[] => [
        ...(isRacing(task) ? raceEndFacts(state, task, { winner: null, reason: 'stopped by hand' }) : []),
        ...interruptFacts(task, 'stopped by hand'),
        { type: 'task.reopened', data: { id: task.id, reason: 'stopped by hand' } },
      ]),
    );
    const ids = idsOf(facts, 'task.reopened');
    return {
      message: `Stopped ${ids.join(', ')}.`,
      data: ids,
      sideEffects: ids.map((id) => `run of ${id} interrupted`),
    };
  },
});
