import { z } from 'zod';
import { assignFacts, interruptLoss } from './assigning.ts';
import { defineCommand } from './define.ts';
import { idsOf } from './facts.ts';
import { selectTasks, some, taskParams } from './selection.ts';

export const assignTask = defineCommand({
  verb: 'assign',
  noun: 'task',
  summary: 'Give tasks to an instance by hand; they wait in its queue and are not moved by the planner',
  example: 'assign task 3.1 to rehearsal-2',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  params: z.object({ ...taskParams, to: z.string().describe('The instance') }),
  loss: (state, { to, ...targets }) =>
    interruptLoss(some(selectTasks(state, targets), 'task', targets).filter((task) => task.assignee !== to)),
  run: async (context, { to, ...targets }) => {
    const facts = await context.decide((state) =>
      assignFacts(state, some(selectTasks(state, targets), 'task', targets), to),
    );
    const ids = idsOf(facts, 'task.assigned');
    const queue = context.store.state.instances[to]?.task_assignments ?? [];
    return {
      message: `${ids.length === 0 ? `${to} is at it already` : `${to} gets ${ids.join(', ')}`}; its queue: ${queue.join(', ') || 'empty'}.`,
      data: { instance: to, tasks: ids, queue },
    };
  },
});
