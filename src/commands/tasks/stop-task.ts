import { z } from 'zod';
import { idsOf } from '../../state/facts.ts';
import type { EventDraft } from '../../state/index.ts';
import { isRacing, raceEndFacts } from '../../tasks/race.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { isActive, requireSome, selectTasks, taskParams } from '../selection.ts';
import { interruptFacts } from './assign-facts.ts';

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
    const targets = requireSome(selectTasks(state, params), 'task', params)
      .filter(isActive)
      .map((task) => task.id);
    if (targets.length === 0) return undefined;
    return {
      targets,
      loses: `This interrupts ${plural(targets.length, 'task')} (${targets.join(', ')}); what is committed stays on the branches.`,
    };
  },
  run: async (context, params) => {
    const facts = await context.decide((state) =>
      selectTasks(state, params)
        .filter(isActive)
        .flatMap((task): EventDraft[] => [
          ...(isRacing(task) ? raceEndFacts(state, task, { winner: null, reason: 'stopped by hand' }) : []),
          ...interruptFacts(task, 'stopped by hand'),
          { type: 'task.reopened', data: { id: task.id, reason: 'stopped by hand' } },
        ]),
    );
    const ids = idsOf(facts, 'task.reopened');
    if (ids.length === 0) throw nothingToDo({ message: 'None of them is at work.', hint: 'Look at "list tasks".' });
    return {
      message: `Stopped ${ids.join(', ')}.`,
      data: ids,
      sideEffects: ids.map((id) => `run of ${id} interrupted`),
    };
  },
});
