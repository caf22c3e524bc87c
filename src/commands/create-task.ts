import { z } from 'zod';
import { oneLine } from '../lib/text.ts';
import { PRIORITIES } from '../state/tasks.ts';
import { complexityScore } from '../tasks/estimate.ts';
import { defineCommand } from './define.ts';
import { badParameter } from './errors.ts';
import { dataOf } from './facts.ts';
import { idsParam, lookUp } from './selection.ts';

const params = z.object({
  text: z.string().optional().describe('The title'),
  title: z.string().optional().describe('The title'),
  description: z.string().default('').describe('What is to be done'),
  priority: z.enum(PRIORITIES).default('normal').describe('low, normal, high or urgent'),
  check: z.string().optional().describe('Shell command that must succeed before it counts as done'),
  deps: idsParam.optional().describe('Tasks that must be done before'),
  id: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u, 'letters, digits, dots, hyphens; at most 64')
    .refine((id) => !(id in {}), 'this word cannot be an id')
    .optional()
    .describe('Its id; the default is the next free t<n>'),
});

/** The lines of a description weigh as the points of a plan do. */
const pointsOf = (description: string): string[] =>
  description
    .split('\n')
    .map(oneLine)
    .filter((line) => line !== '');

export const createTask = defineCommand({
  verb: 'create',
  noun: 'task',
  summary: 'Add a task to the plan',
  example: 'create task "Add login page" priority=high check="npm test"',
  role: 'operator',
  modifiers: [],
  target: 'none',
  text: 'text',
  reads: false,
  params,
  run: async (context, { text, title, description, priority, check, deps = [], id: wanted }) => {
    if (text !== undefined && title !== undefined)
      throw badParameter({ command: 'create task', key: 'title', issue: 'the title is said twice' });
    const name = oneLine(title ?? text ?? '');
    if (name === '') throw badParameter({ command: 'create task', key: 'title', issue: 'a task needs a title' });
    const facts = await context.decide((state) => {
      for (const dep of deps) lookUp(state.tasks, dep, 'task');
      if (wanted !== undefined && state.tasks[wanted])
        throw badParameter({ command: 'create task', key: 'id', issue: `"${wanted}" is taken` });
      const task = {
        id: wanted ?? `t${state.swarm.next_task}`,
        title: name,
        description,
        details: [],
        spec: null,
        group: null,
        requirements: [],
        acceptance_criteria: [],
        dependencies: deps,
        barrier: false,
        priority,
        estimated_duration: null,
        complexity_score: complexityScore({ title: name, details: pointsOf(description), requirements: [] }),
        required_capabilities: [],
        check: check ?? null,
      };
      return [{ type: 'task.created', data: { task, done: false } }];
    });
    const { id } = dataOf(facts, 'task.created')[0]!.task;
    return { message: `Created ${id}: ${name}.`, data: context.store.state.tasks[id] };
  },
});
