import { z } from 'zod';
import { oneLine } from '../lib/text.ts';
import type { State } from '../state/index.ts';
import { PRIORITIES } from '../state/tasks.ts';
import { refuseCycles } from '../tasks/graph.ts';
import { graphOf } from '../tasks/select.ts';
import { defineCommand } from './define.ts';
import { badParameter, nothingToDo, staleRevision } from './errors.ts';
import { idsParam, lookUp, oneTask, only } from './selection.ts';

const params = z.object({
  id: idsParam.describe('Which task'),
  title: z.string().optional().describe('The new title'),
  description: z.string().optional().describe('What is to be done'),
  priority: z.enum(PRIORITIES).optional().describe('low, normal, high or urgent'),
  check: z.string().optional().describe('Shell command that must succeed; empty for none'),
  deps: idsParam.optional().describe('Tasks that must be done before, or none'),
  complexity: z.coerce.number().min(1).max(10).optional().describe('1 to 10'),
  revision: z.coerce.number().int().optional().describe('Refuse when the task is newer than this'),
});

const titleOf = (title: string): string => {
  const line = oneLine(title);
  if (line === '') throw badParameter({ command: 'set task', key: 'title', issue: 'a task needs a title' });
  return line;
};

const changesOf = ({ title, description, priority, check, deps, complexity }: z.infer<typeof params>) => ({
  ...(title === undefined ? {} : { title: titleOf(title) }),
  ...(description === undefined ? {} : { description }),
  ...(priority === undefined ? {} : { priority }),
  ...(check === undefined ? {} : { check: check === '' ? null : check }),
  ...(deps === undefined ? {} : { dependencies: deps.length === 1 && deps[0] === 'none' ? [] : deps }),
  ...(complexity === undefined ? {} : { complexity_score: complexity }),
});

const checked = (state: State, id: string, dependencies: readonly string[] | undefined): void => {
  if (!dependencies) return;
  for (const dependency of dependencies) lookUp(state.tasks, dependency, 'task');
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
    const { id: ids, revision, ...wanted } = input;
    const said = Object.entries(wanted).flatMap(([key, value]) => (value === undefined ? [] : [key]));
    if (said.length === 0)
      throw nothingToDo({
        message: 'Nothing was said to change.',
        hint: 'Say what, e.g. "set task 3.1 priority=high".',
      });
    const id = only(ids, 'task');
    await context.decide((state) => {
      const task = oneTask(state, ids);
      if (revision !== undefined && task.revision > revision) throw staleRevision({ id, revision: task.revision });
      const changes = changesOf(input);
      checked(state, id, changes.dependencies);
      return [{ type: 'task.edited', data: { id, changes } }];
    });
    return { message: `Changed ${said.join(', ')} of ${id}.`, data: context.store.state.tasks[id] };
  },
});
