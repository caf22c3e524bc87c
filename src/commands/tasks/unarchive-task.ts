import { z } from 'zod';
import { idsOf } from '../../state/facts.ts';
import { defineCommand } from '../define.ts';
import { requireSome, selectTasks, taskParams } from '../selection.ts';

export const unarchiveTask = defineCommand({
  verb: 'unarchive',
  noun: 'task',
  summary: 'Bring archived tasks back into the lists',
  example: 'unarchive task 3.1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'brings the tasks back into the lists',
  params: z.object(taskParams),
  result: z.array(z.string()).describe('The tasks that are back'),
  run: async (context, params) => {
    const targets = params.id ? params : { ...params, state: [...(params.state ?? []), 'archived'] };
    const facts = await context.decide((state) =>
      requireSome(selectTasks(state, targets), 'task', targets)
        .filter((task) => task.archived && task.race_of === undefined)
        .map(({ id }) => ({ type: 'task.archived', data: { id, archived: false } })),
    );
    const ids = idsOf(facts, 'task.archived');
    return { message: ids.length === 0 ? 'They are not archived.' : `Brought back ${ids.join(', ')}.`, data: ids };
  },
});
