import { z } from 'zod';
import { idsOf } from '../../state/facts.ts';
import { defineCommand } from '../define.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { asideAlertFact } from '../../text/aside-alert.ts';
import { requireSome, selectTasks, type Targets, taskParams } from '../selection.ts';

/** The tasks that come back. */
const chooseTasks = (state: State, params: Targets): readonly Task[] => {
  const targets = params.id ? params : { ...params, state: [...(params.state ?? []), 'archived'] };
  const found = requireSome(selectTasks(state, targets), 'task', targets);
  return found.filter((task) => task.archived && task.race_of === undefined);
};

/** What is told again of a task that comes back: it was set aside by the last batch that took it, and still waits. */
const asideFacts = ({ batches }: State, { id, state, batch }: Task): EventDraft[] => {
  if (state !== 'done' || batch !== null) return [];
  const last = Object.values(batches).findLast(({ tasks }) => tasks.includes(id));
  const aside = last?.set_aside.find(({ task, reason }) => task === id && reason !== 'stopped');
  return last && aside ? [asideAlertFact(last.id, aside)] : [];
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
      chooseTasks(state, params).flatMap((task): EventDraft[] => [
        { type: 'task.archived', data: { id: task.id, archived: false } },
        ...asideFacts(state, task),
      ]),
    );
    const ids = idsOf(facts, 'task.archived');
    return { message: ids.length === 0 ? NOTHING : `Brought back ${ids.join(', ')}.`, data: ids };
  },
});
