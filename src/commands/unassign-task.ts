import { z } from 'zod';
import { defineCommand } from './define.ts';
import { wrongState } from './errors.ts';
import { idsOf } from './facts.ts';
import { selectTasks, some, taskParams } from './selection.ts';

export const unassignTask = defineCommand({
  verb: 'unassign',
  noun: 'task',
  summary: 'Take waiting tasks out of the queue of their instance',
  example: 'unassign task 3.1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  params: z.object(taskParams),
  run: async (context, params) => {
    const facts = await context.decide((state) =>
      some(selectTasks(state, params), 'task', params).map((task) => {
        if (task.state !== 'assigned')
          throw wrongState({
            id: task.id,
            state: task.state,
            wants: 'only a waiting one can be unassigned',
            hint: `Say "stop task ${task.id}" when it runs.`,
          });
        return { type: 'task.unassigned', data: { id: task.id, reason: 'by hand' } };
      }),
    );
    const ids = idsOf(facts, 'task.unassigned');
    return { message: `Unassigned ${ids.join(', ')}.`, data: ids };
  },
});
