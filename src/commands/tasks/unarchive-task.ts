import { z } from 'zod';
import { idsOf } from '../../state/facts.ts';
import { defineCommand } from '../define.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { requireSome, selectTasks, type Targets, taskParams } from '../selection.ts';

/** The tasks that come back. */
const chooseTasks = (state: State, params: Targets): readonly Task[] => {
  const targets = params.id ? params : { ...params, state: [...(params.state ?? []), 'archived'] };
  const found = requireSome(selectTasks(state, targets), 'task', targets);
  return found.filter((task) => task.archived && task.race_of === undefined);
};

const NOTHING = 'They are not archived.';

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
  targets: (state, params) => chooseTasks(state, params).map(({ id }) => id),
  nothing: NOTHING,
  run: async (context, params) => {
    const facts = await context.decide((state) =>
      chooseTasks(state, params).map(({ id }) => ({ type: 'task.archived', data: { id, archived: false } })),
    );
    const ids = idsOf(facts, 'task.archived');
    return { message: ids.length === 0 ? NOTHING : `Brought back ${ids.join(', ')}.`, data: ids };
  },
});
