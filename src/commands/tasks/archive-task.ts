import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { valuesOf } from '../../lib/records.ts';
import { alertClearingFacts, idsOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { waiterAmong } from '../../tasks/gates.ts';
import { defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { requireSome, selectTasks, type Targets, taskParams } from '../selection.ts';
import { isActive } from '../../tasks/startable.ts';

/** Refuses to archive a task that an instance has, or that another task still waits for. */
const checkArchivable = (task: Task, waiterFor: ReturnType<typeof waiterAmong>): void => {
  if (isActive(task))
    throw wrongState({
      id: task.id,
      state: task.state,
      wants: 'it cannot be archived',
      hint: `First say: stop task ${saidId(task.id)}`,
    });
  if (task.state === 'done' || task.state === 'cancelled') return;
  const needed = waiterFor(task);
  if (needed)
    throw wrongState({
      id: task.id,
      state: task.state,
      wants: `${needed.id} waits for it`,
      hint: `Archive both, or first say: set task ${saidId(needed.id)} deps=none`,
    });
};

/** The tasks that are put away: not archived yet, and each of them may be. */
const chooseTasks = (state: State, params: Targets): readonly Task[] => {
  const found = requireSome(selectTasks(state, params), 'task', params).filter((task) => !task.archived);
  const ids = new Set(found.map((task) => task.id));
  const isLeft = ({ id, state: kind, archived }: Task): boolean =>
    !['done', 'cancelled'].includes(kind) && !archived && !ids.has(id);
  const waiterFor = waiterAmong(valuesOf(state.tasks).filter(isLeft));
  for (const task of found) checkArchivable(task, waiterFor);
  return found;
};

const NOTHING = 'They are archived already.';

export const archiveTask = defineCommand({
  verb: 'archive',
  noun: 'task',
  summary: 'Put tasks out of the way of lists; nothing of them is lost, and they are not run until they come back',
  example: 'archive completed tasks',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'takes the tasks out of the lists; nothing is deleted',
  params: z.object(taskParams),
  result: z.array(z.string()).describe('The tasks that were archived'),
  targets: (state, params) => chooseTasks(state, params).map(({ id }) => id),
  nothing: NOTHING,
  run: async (context, params) => {
    const facts = await context.decide((state) =>
      chooseTasks(state, params).flatMap(({ id }): EventDraft[] => [
        { type: 'task.archived', data: { id, archived: true } },
        ...alertClearingFacts(state, id, 'archived'),
      ]),
    );
    const ids = idsOf(facts, 'task.archived');
    const message = ids.length === 0 ? NOTHING : `Archived ${ids.join(', ')}.`;
    return { message, data: ids };
  },
});
