import { z } from 'zod';
import type { State } from '../../state/index.ts';
import { type Task, type TaskPlan, taskSchema } from '../../state/tasks.ts';
import { refuseCycles } from '../../tasks/graph.ts';
import { graphOf } from '../../tasks/select.ts';
import { defineCommand, type Outcome } from '../define.ts';
import { nothingToDo, staleRevision } from '../errors.ts';
import { idsParam, oneTask, requireOne } from '../selection.ts';
import { checkReferences, fieldParams, fieldsSaid } from './task-fields.ts';
import { waitsForEverText } from './waits-for-ever.ts';

const params = z.object({
  id: idsParam.describe('Which task'),
  ...fieldParams,
  revision: z.coerce.number().int().optional().describe('Refuse when the task is newer than this'),
});

const checkCycles = (state: State, id: string, dependencies: readonly string[] | undefined): void => {
  if (dependencies) refuseCycles(new Map([...graphOf(Object.keys(state.tasks), state.tasks), [id, dependencies]]));
};

/** What is said to change; refuses where that is nothing. */
const changesIn = ({ id: _id, revision: _revision, ...wanted }: z.infer<typeof params>) => {
  const said = Object.entries(wanted).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  if (said.length === 0)
    throw nothingToDo({
      message: 'Nothing was said to change.',
      hint: 'Say what, e.g. "set task 3.1 priority=high".',
    });
  return { said, changes: fieldsSaid('set task', wanted) };
};

/** Refuses a change of an older version of the task, and what the change names in vain. */
const refuseChange = (state: State, { id, revision }: z.infer<typeof params>, changes: Partial<TaskPlan>): void => {
  const task = oneTask(state, id);
  if (revision !== undefined && task.revision > revision) throw staleRevision({ id: task.id, revision: task.revision });
  checkReferences(state, changes);
  checkCycles(state, task.id, changes.dependencies);
};

/**
 * The answer to a change of an older version of the task: its newer version, so that the change can be made up anew.
 */
const staleOutcome = (task: Task, known: number, code: string): Outcome => ({
  message: `${task.id} has changed meanwhile: you know revision ${known}, and it is at ${task.revision}, “${task.title}”, ${task.state}, priority ${task.priority}. Nothing was changed; look at it and say it again.`,
  data: { code, task },
  exit: 6,
});

export const setTask = defineCommand({
  verb: 'set',
  noun: 'task',
  summary: 'Change what a plan says of a task',
  example: 'set task 3.1 priority=high',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'changes the record of the task',
  params,
  result: taskSchema,
  refuses: ({ state }, input) => refuseChange(state, input, changesIn(input).changes),
  run: async (context, input) => {
    const { id: ids, revision } = input;
    const { said, changes } = changesIn(input);
    const id = requireOne(ids, 'task');
    try {
      await context.decide((state) => {
        refuseChange(state, input, changes);
        return [{ type: 'task.edited', data: { id, changes } }];
      });
    } catch (error) {
      if (!staleRevision.matches(error)) throw error;
      return staleOutcome(oneTask(context.store.state, ids), revision!, staleRevision.code);
    }
    const { state } = context.store;
    const note = changes.dependencies === undefined ? '' : waitsForEverText(state, id);
    return { message: `Changed ${said.join(', ')} of ${id}.${note}`, data: state.tasks[id] };
  },
});
