import { z } from 'zod';
import { oneLine } from '../lib/text.ts';
import type { State } from '../state/index.ts';
import { PRIORITIES } from '../state/tasks.ts';
import { refuseCycles } from '../tasks/graph.ts';
import { graphOf } from '../tasks/select.ts';
import { defineCommand } from './define.ts';
import { notFound, nothingToDo, staleRevision } from './errors.ts';
import { idsParam, oneTask } from './selection.ts';

const params = z.object({
  id: idsParam.describe('Which task'),
  title: z.string().optional(),
  description: z.string().optional(),
  priority: z.enum(PRIORITIES).optional(),
  check: z.string().optional().describe('Shell command that must succeed; empty for none'),
  deps: z
    .union([idsParam, z.literal('none').transform(() => [] as string[])])
    .optional()
    .describe('Tasks that must be done before, or none'),
  complexity: z.coerce.number().min(1).max(10).optional(),
  revision: z.coerce.number().int().optional().describe('Refuse when the task is newer than this'),
});

const changesOf = ({ title, description, priority, check, deps, complexity }: z.infer<typeof params>) => ({
  ...(title === undefined ? {} : { title: oneLine(title) }),
  ...(description === undefined ? {} : { description }),
  ...(priority === undefined ? {} : { priority }),
  ...(check === undefined ? {} : { check: check === '' ? null : check }),
  ...(deps === undefined ? {} : { dependencies: deps.length === 1 && deps[0] === 'none' ? [] : deps }),
  ...(complexity === undefined ? {} : { complexity_score: complexity }),
});

const checked = (state: State, id: string, dependencies: readonly string[] | undefined): void => {
  if (!dependencies) return;
  const unknown = dependencies.find((dep) => !state.tasks[dep]);
  if (unknown !== undefined) throw notFound({ noun: 'task', id: unknown, known: Object.keys(state.tasks) });
  refuseCycles(new Map([...graphOf(Object.keys(state.tasks), state.tasks), [id, dependencies]]));
};

export const setTask = defineCommand({
  verb: 'set',
  noun: 'task',
  summary: 'Change what a plan says of a task',
  example: 'set task 3.1 priority=high',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  params,
  run: async (context, input) => {
    const changes = changesOf(input);
    if (Object.keys(changes).length === 0)
      throw nothingToDo({
        message: 'Nothing was said to change.',
        hint: 'Say what, e.g. "set task 3.1 priority=high".',
      });
    const id = input.id[0]!;
    await context.decide((state) => {
      const task = oneTask(state, [id]);
      if (input.revision !== undefined && task.revision > input.revision)
        throw staleRevision({ id, revision: task.revision });
      checked(state, id, changes.dependencies);
      return [{ type: 'task.edited', data: { id, changes } }];
    });
    return { message: `Changed ${Object.keys(changes).join(', ')} of ${id}.`, data: context.store.state.tasks[id] };
  },
});
