import { z } from 'zod';
import type { Draft } from '../state/index.ts';
import { defineCommand } from './define.ts';
import { nothingToDo } from './errors.ts';
import { plural } from './launching.ts';
import { selectTasks, some, targetParams } from './selection.ts';

const active = ['assigned', 'running', 'verifying'];

export const stopTask = defineCommand({
  verb: 'stop',
  noun: 'task',
  summary: 'Interrupt the run of a task; its instance and its branch stay, the task is open again',
  example: 'stop task 3.1',
  role: 'operator',
  modifiers: ['graceful', 'force'],
  target: 'required',
  reads: false,
  params: z.object(targetParams),
  loss: (state, params) => {
    const found = some(selectTasks(state, params), 'task', params).filter((task) => active.includes(task.state));
    if (found.length === 0) return undefined;
    const targets = found.map((task) => task.id);
    return {
      targets,
      loses: `This interrupts ${plural(targets.length, 'task')} (${targets.join(', ')}); what is committed stays on the branches.`,
    };
  },
  run: async (context, params) => {
    const facts = await context.decide((state) =>
      selectTasks(state, params)
        .filter((task) => active.includes(task.state))
        .flatMap((task): Draft[] => [
          ...(task.run
            ? [
                {
                  type: 'run.failed',
                  data: { id: task.id, failure: { class: 'stopped', message: 'stopped by hand' } },
                } as const,
              ]
            : []),
          { type: 'task.reopened', data: { id: task.id, reason: 'stopped by hand' } },
        ]),
    );
    const ids = facts.filter((fact) => fact.type === 'task.reopened').map((fact) => (fact.data as { id: string }).id);
    if (ids.length === 0) throw nothingToDo({ message: 'None of them is at work.', hint: 'Look at "list tasks".' });
    return {
      message: `Stopped ${ids.join(', ')}.`,
      data: ids,
      sideEffects: ids.map((id) => `run of ${id} interrupted`),
    };
  },
});
