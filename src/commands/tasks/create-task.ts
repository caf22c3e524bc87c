import { z } from 'zod';
import { asSentence } from '../../lib/errors.ts';
import { oneLine } from '../../lib/text.ts';
import { dataOf } from '../../state/facts.ts';
import type { State } from '../../state/index.ts';
import { taskSchema } from '../../state/tasks.ts';
import { newTask } from '../../tasks/items/import-items.ts';
import { taskIdSchema } from '../../tasks/items/item.ts';
import { defineCommand } from '../define.ts';
import { badParameter } from '../errors.ts';
import { checkReferences, fieldParams, fieldsSaid } from './task-fields.ts';
import { waitsForEverText } from './waits-for-ever.ts';

const params = z.object({
  text: z
    .string()
    .refine((text) => oneLine(text) !== '', 'a task needs a title')
    .optional()
    .describe('The title'),
  ...fieldParams,
  id: taskIdSchema.optional().describe('Its id; the default is the next free t<n>'),
});

/** What is said of the new task; refuses what contradicts itself. */
const saidOf = ({ text, id: _id, ...fields }: z.infer<typeof params>) => {
  if (text !== undefined && fields.title !== undefined)
    throw badParameter({ command: 'create task', key: 'title', issue: 'the title is said twice' });
  return fieldsSaid('create task', { ...fields, title: oneLine(fields.title ?? text ?? '') });
};

/** Refuses an id that another task has, and prerequisites and plans that are not there. */
const refuseCreating = (state: State, said: ReturnType<typeof saidOf>, wanted: string | undefined): void => {
  checkReferences(state, said);
  if (wanted !== undefined && state.tasks[wanted])
    throw badParameter({ command: 'create task', key: 'id', issue: `"${wanted}" is taken` });
};

export const createTask = defineCommand({
  verb: 'create',
  noun: 'task',
  summary: 'Add a task to the plan',
  example: 'create task "Add login page" priority=high check="npm test"',
  role: 'operator',
  modifiers: [],
  target: 'none',
  names: 'new',
  text: 'text',
  reads: false,
  effects: 'records the task',
  params,
  result: taskSchema,
  refuses: ({ state }, input) => refuseCreating(state, saidOf(input), input.id),
  run: async (context, input) => {
    const { id: wanted } = input;
    const said = saidOf(input);
    const facts = await context.decide((state) => {
      refuseCreating(state, said, wanted);
      const task = newTask(wanted ?? `t${state.swarm.next_task}`, { ...said, title: said.title! });
      return [{ type: 'task.created', data: { task, done: false } }];
    });
    const { id, title } = dataOf(facts, 'task.created')[0]!.task;
    const { state } = context.store;
    return { message: `${asSentence(`Created ${id}: ${title}`)}${waitsForEverText(state, id)}`, data: state.tasks[id] };
  },
});
