import { z } from 'zod';
import { defineCommand } from './define.ts';
import { wrongState } from './errors.ts';
import { plural } from './launching.ts';
import { selectTasks, some, targetParams } from './selection.ts';

export const removeTask = defineCommand({
  verb: 'remove',
  noun: 'task',
  summary: 'Take tasks out of the plan; their branches stay',
  example: 'remove task t4',
  role: 'operator',
  modifiers: ['force'],
  target: 'required',
  reads: false,
  params: z.object(targetParams),
  loss: (state, params) => {
    const targets = some(selectTasks(state, params), 'task', params).map((task) => task.id);
    return {
      targets,
      loses: `This takes ${plural(targets.length, 'task')} (${targets.join(', ')}) out of the plan; branches and commits stay.`,
    };
  },
  run: async (context, params) => {
    const facts = await context.decide((state) =>
      some(selectTasks(state, params), 'task', params).map((task) => {
        const needed = Object.values(state.tasks).find(
          (other) => other.dependencies.includes(task.id) && other.state !== 'done',
        );
        if (['running', 'verifying'].includes(task.state))
          throw wrongState({
            id: task.id,
            state: task.state,
            wants: 'it cannot be removed',
            hint: `Say "stop task ${task.id}" first.`,
          });
        if (needed && !params.id?.includes(needed.id))
          throw wrongState({
            id: task.id,
            state: task.state,
            wants: `${needed.id} depends on it`,
            hint: `Say "set task ${needed.id} deps=none" first.`,
          });
        return { type: 'task.removed', data: { id: task.id } };
      }),
    );
    const ids = facts.map((fact) => (fact.data as { id: string }).id);
    return { message: `Removed ${ids.join(', ')}.`, data: ids };
  },
});
