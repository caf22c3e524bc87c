import { z } from 'zod';
import type { State } from '../state/index.ts';
import type { Task } from '../state/tasks.ts';
import type { Draft } from '../state/index.ts';
import { assignFacts } from './assigning.ts';
import { defineCommand } from './define.ts';
import { plural } from './launching.ts';
import { oneInstance, selectTasks, some, targetParams } from './selection.ts';

const params = z.object({
  ...targetParams,
  from: z.string().optional().describe('The instance to take them from'),
  to: z.string().optional().describe('The instance to give them to; the planner chooses when it is not said'),
});
const active = ['assigned', 'running', 'verifying'];

const chosen = (state: State, { from, to: _to, ...targets }: z.infer<typeof params>): readonly Task[] => {
  if (from === undefined) return some(selectTasks(state, targets), 'task', targets);
  const { instance_id } = oneInstance(state, [from]);
  return selectTasks(state, targets).filter((task) => task.assignee === instance_id && active.includes(task.state));
};

export const reassignTask = defineCommand({
  verb: 'reassign',
  noun: 'task',
  summary: 'Move tasks to another instance; a run in progress is interrupted and its commits stay on its branch',
  example: 'reassign tasks from rehearsal-3',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  params,
  loss: (state, input) => {
    const running = chosen(state, input).filter((task) => task.state === 'running');
    if (running.length === 0) return undefined;
    const targets = running.map((task) => task.id);
    return { targets, loses: `This interrupts ${plural(targets.length, 'run')} (${targets.join(', ')}).` };
  },
  run: async (context, input) => {
    const facts = await context.decide((state) => {
      const tasks = chosen(state, input);
      if (input.to !== undefined) return assignFacts(state, tasks, input.to);
      return tasks.flatMap((task): Draft[] => [
        ...(task.run
          ? [
              {
                type: 'run.failed',
                data: { id: task.id, failure: { class: 'stopped', message: 'reassigned' } },
              } as const,
            ]
          : []),
        { type: 'task.reopened', data: { id: task.id, reason: 'reassigned' } },
        { type: 'task.requested', data: { ids: [task.id] } },
      ]);
    });
    const ids = [...new Set(facts.map((fact) => (fact.data as { id?: string }).id).filter((id) => id !== undefined))];
    return {
      message:
        ids.length === 0
          ? 'There was nothing to move.'
          : `Moved ${ids.join(', ')}${input.to ? ` to ${input.to}` : ''}.`,
      data: ids,
    };
  },
});
