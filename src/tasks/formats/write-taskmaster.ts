import type { TaskPlan } from '../../state/tasks.ts';
import { numbered } from './numbering.ts';
import type { WrittenPlan, WrittenTask } from './plan-format.ts';

const PRIORITIES: Readonly<Record<TaskPlan['priority'], string>> = {
  low: 'low',
  normal: 'medium',
  high: 'high',
  urgent: 'critical',
};

const statusOf = ({ state, held }: WrittenTask): string => {
  if (state === 'done' || state === 'cancelled') return state;
  if (held) return 'deferred';
  return state === 'running' || state === 'verifying' ? 'in-progress' : 'pending';
};

/** Subtasks name their neighbours by their last number alone, and all others by the whole. */
const referenceIn = (need: string, number: string): number | string => {
  const [parent, own] = [need.split('.')[0], need.split('.')[1]];
  if (own === undefined) return number.includes('.') ? need : Number(need);
  return number.startsWith(`${parent}.`) ? Number(own) : need;
};

const recordOf = (task: WrittenTask, number: string, needs: readonly string[]) => ({
  id: Number(number.split('.').at(-1)),
  title: task.title,
  description: task.description,
  details: task.details.join('\n'),
  testStrategy: task.acceptance_criteria.join('\n'),
  priority: PRIORITIES[task.priority],
  dependencies: needs.map((need) => referenceIn(need, number)),
  status: statusOf(task),
  complexity: task.complexity_score,
});

/** `tasks.json` with one tag; groups are tasks with subtasks. */
export const writeTaskmaster = (plan: WrittenPlan): string => {
  const { groups, needs } = numbered(plan, 2);
  const tasks = groups.map(({ number, title, tasks: inGroup }) => {
    const records = inGroup.map((one) => recordOf(one.task, one.number, needs(one.task)));
    if (title === null) return { ...records[0]!, subtasks: [] };
    const isDone = inGroup.every(({ task }) => task.state === 'done');
    return {
      id: Number(number),
      title,
      description: '',
      details: '',
      testStrategy: '',
      priority: 'medium',
      dependencies: [],
      status: isDone ? 'done' : 'pending',
      subtasks: records,
    };
  });
  return `${JSON.stringify({ master: { tasks, metadata: { description: plan.name } } }, null, 2)}\n`;
};
