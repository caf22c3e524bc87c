import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import type { State } from '../../state/index.ts';
import { PLAN_FORMATS } from '../../state/specs.ts';
import type { Task } from '../../state/tasks.ts';
import { exportPlan as write } from '../../tasks/formats/export-plan.ts';
import { planFormat } from '../../tasks/formats/index.ts';
import type { WrittenPlan, WrittenTask } from '../../tasks/formats/plan-format.ts';
import { prerequisitesOf } from '../../tasks/gates.ts';
import { planOrder, tasksOf } from '../../tasks/select.ts';
import { numberIn } from '../../tasks/spec/outline.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { idsParam, lookUp, requireOne } from '../selection.ts';
import { writeTo } from '../write-file.ts';

const dataSchema = z.object({
  name: z.string(),
  format: z.enum(PLAN_FORMATS),
  tasks: z.number().int(),
  lost: z.array(z.string()).describe('What the format has no place for'),
  file: z.string().nullable().describe('Where it was written; null when it is the answer itself'),
  text: z.string(),
});
type Data = z.infer<typeof dataSchema>;

/** Lines that an import made of the groups around a task: the format says them again by its own means. */
const ownDescription = (description: string): string =>
  description
    .split('\n')
    .filter((line) => !line.startsWith('Part of '))
    .join('\n');

const writtenTask = (
  task: Task,
  idOf: (task: Pick<Task, 'id' | 'spec'>) => string,
  tasks: Context['store']['state']['tasks'],
): WrittenTask => ({
  ...task,
  id: idOf(task),
  description: task.spec === null ? task.description : ownDescription(task.description),
  dependencies: prerequisitesOf(task, tasks).map((id) => {
    const need = Object.hasOwn(tasks, id) ? tasks[id] : undefined;
    return need ? idOf(need) : id;
  }),
});

/** One plan by its own numbers; or all tasks by their ids. */
const planOf = (state: State, repository: string, ids: readonly string[] | undefined): WrittenPlan => {
  const [only] = Object.keys(state.specs);
  const isOne = Object.keys(state.specs).length === 1 && valuesOf(state.tasks).every(({ spec }) => spec !== null);
  const name = ids ? requireOne(ids, 'plan') : isOne ? only! : null;
  const found =
    name === null
      ? planOrder(state.specs, state.tasks).map((id) => state.tasks[id]!)
      : tasksOf(lookUp(state.specs, name, 'plan'), state.tasks);
  const idOf = (task: Pick<Task, 'id' | 'spec'>): string =>
    name !== null && task.spec === name ? numberIn(task) : task.id;
  const tasks = found.filter(({ archived }) => !archived).map((task) => writtenTask(task, idOf, state.tasks));
  if (tasks.length === 0)
    throw nothingToDo({ message: 'There are no tasks to write.', hint: 'Import a plan, or create tasks, first.' });
  return { name: name ?? repository, tasks };
};

const lostText = (lost: readonly string[]): string =>
  lost.length === 0 ? '' : `What it has no place for: ${lost.join(', ')}.`;

export const exportPlan = defineCommand({
  verb: 'export',
  noun: 'plan',
  summary: 'Write a plan, or all tasks, in the format of another tool; on the terminal, or into a file with to=FILE',
  example: 'export plan demo format=taskmaster',
  role: 'operator',
  modifiers: ['force'],
  target: 'optional',
  one: 'plan',
  reads: false,
  effects: 'writes the file that to= names; one that is there is replaced only with force',
  params: z.object({
    id: idsParam.optional().describe('The name of an imported plan; without any, all tasks'),
    format: z.enum(PLAN_FORMATS).default('kiro').describe('How it is to be written'),
    to: idsParam.optional().describe('A file'),
  }),
  result: dataSchema,
  refuses: ({ state }, { id }) => void planOf(state, '', id),
  // What the file says that is there is not known before it is read.
  unsure: (_standing, { to }) => to !== undefined,
  run: async (context, { id, format, to }, modifiers) => {
    const plan = planOf(context.store.state, context.repository, id);
    const { label } = planFormat(format);
    const { text, lost } = write(planFormat(format), plan);
    const file =
      to === undefined ? null : await writeTo(context, requireOne(to, 'file'), text, modifiers.includes('force'));
    const data: Data = { name: plan.name, format, tasks: plan.tasks.length, lost: [...lost], file, text };
    const where = file === null ? '' : ` in ${file}`;
    const message = [`${plan.name} as ${label}${where}: ${plural(plan.tasks.length, 'task')}.`, lostText(lost)]
      .filter(Boolean)
      .join(' ');
    return { message, data, ...(lost.length > 0 ? { hint: lostText(lost) } : {}) };
  },
  // The text goes into a pipe as it is; what is to be known of it is said beside it.
  draw: (data: Data, _view, message) => (data.file === null ? data.text : message),
});
