import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { valuesOf } from '../../lib/records.ts';
import { alertClearingFacts, idsOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { waiterAmong } from '../../tasks/gates.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { refuseRacing } from '../races/racing-task.ts';
import { requireSome, selectTasks, type Targets, taskParams } from '../selection.ts';

/** Refuses to remove a task that an instance works on, or that a task which stays still needs. */
const checkRemovable = (state: State, task: Task, waiterFor: ReturnType<typeof waiterAmong>): void => {
  refuseRacing(state, task);
  if (['running', 'verifying'].includes(task.state))
    throw wrongState({
      id: task.id,
      state: task.state,
      wants: 'it cannot be removed',
      hint: `First say: stop task ${saidId(task.id)}`,
    });
  const needed = waiterFor(task);
  if (needed)
    throw wrongState({
      id: task.id,
      state: task.state,
      wants: `${needed.id} depends on it`,
      hint: `First say: set task ${saidId(needed.id)} deps=none`,
    });
};

/** The tasks that go; each of them may. */
const chooseTasks = (state: State, params: Targets): readonly Task[] => {
  const found = requireSome(selectTasks(state, params), 'task', params);
  const ids = new Set(found.map((task) => task.id));
  const waiterFor = waiterAmong(valuesOf(state.tasks).filter((one) => one.state !== 'done' && !ids.has(one.id)));
  for (const task of found) checkRemovable(state, task, waiterFor);
  return found;
};

export const removeTask = defineCommand({
  verb: 'remove',
  noun: 'task',
  summary: 'Take tasks out of the plan; their branches stay',
  example: 'remove task t4',
  role: 'operator',
  modifiers: ['force'],
  target: 'required',
  reads: false,
  effects: 'takes the tasks out of the plan; their branches stay',
  params: z.object(taskParams),
  result: z.array(z.string()).describe('The tasks that are gone'),
  loss: (state, params) => {
    const targets = chooseTasks(state, params).map((task) => task.id);
    return {
      targets,
      loses: `This takes ${plural(targets.length, 'task')} (${targets.join(', ')}) out of the plan; branches and commits stay.`,
    };
  },
  run: async (context, params) => {
    const facts = await context.decide((state) =>
      chooseTasks(state, params).flatMap(({ id }): EventDraft[] => [
        { type: 'task.removed', data: { id } },
        ...alertClearingFacts(state, id, 'removed'),
      ]),
    );
    const ids = idsOf(facts, 'task.removed');
    return { message: `Removed ${ids.join(', ')}.`, data: ids };
  },
});
