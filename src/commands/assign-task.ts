import { z } from 'zod';
import { assignFacts } from './assigning.ts';
import { defineCommand } from './define.ts';
import { selectTasks, some, targetParams } from './selection.ts';

export const assignTask = defineCommand({
  verb: 'assign',
  noun: 'task',
  summary: 'Give tasks to an instance by hand; they wait in its queue and are not moved by the planner',
  example: 'assign task 3.1 to rehearsal-2',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  params: z.object({ ...targetParams, to: z.string().describe('The instance') }),
  run: async (context, { to, ...targets }) => {
    const facts = await context.decide((state) =>
      assignFacts(state, some(selectTasks(state, targets), 'task', targets), to),
    );
    const ids = facts.filter((fact) => fact.type === 'task.assigned').map((fact) => (fact.data as { id: string }).id);
    const queue = context.store.state.instances[to]?.task_assignments ?? [];
    return {
      message: `${to} has ${ids.join(', ')}; its queue: ${queue.join(', ') || 'empty'}.`,
      data: { instance: to, tasks: ids, queue },
    };
  },
});
