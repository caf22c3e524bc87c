import type { TaskPlan } from '../../state/tasks.ts';
import { type NumberedGroup, type NumberedPlan, numbered } from './numbering.ts';
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

/** Subtasks name their neighbours by their last number alone, and the subtasks of others by the whole. */
const referenceIn = (need: string, number: string): number | string => {
  const [parent, own] = need.split('.');
  if (own === undefined) return Number(need);
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

/** What all tasks of a group wait for is said by the group: a subtask cannot name a task that is none. */
const sharedNeeds = ({ tasks }: NumberedGroup, needs: NumberedPlan['needs']): string[] =>
  needs(tasks[0]!.task).filter((need) => !need.includes('.') && tasks.every(({ task }) => needs(task).includes(need)));

/** Whether subtasks name nothing but subtasks, and what their whole group waits for. */
const canBeGrouped = ({ groups, needs }: NumberedPlan): boolean =>
  groups.every((group) => {
    if (group.title === null) return true;
    const shared = sharedNeeds(group, needs);
    return group.tasks.every(({ task }) => needs(task).every((need) => need.includes('.') || shared.includes(need)));
  });

/** `tasks.json` with one tag; groups are tasks with subtasks, as far as what they wait for lets them be. */
export const writeTaskmaster = (plan: WrittenPlan): string => {
  const grouped = numbered(plan, 2);
  const flat = { ...plan, tasks: plan.tasks.map((task) => ({ ...task, group: null })) };
  const { groups, needs } = canBeGrouped(grouped) ? grouped : numbered(flat, 1);
  const tasks = groups.map((group) => {
    const { number, title, tasks: inGroup } = group;
    const shared = title === null ? [] : sharedNeeds(group, needs);
    const records = inGroup.map((one) =>
      recordOf(
        one.task,
        one.number,
        needs(one.task).filter((need) => !shared.includes(need)),
      ),
    );
    if (title === null) return { ...records[0]!, subtasks: [] };
    const isDone = inGroup.every(({ task }) => task.state === 'done');
    return {
      id: Number(number),
      title,
      description: '',
      details: '',
      testStrategy: '',
      priority: 'medium',
      dependencies: shared.map(Number),
      status: isDone ? 'done' : 'pending',
      subtasks: records,
    };
  });
  return `${JSON.stringify({ master: { tasks, metadata: { description: plan.name } } }, null, 2)}\n`;
};
