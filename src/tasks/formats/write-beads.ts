import { slug } from '../../lib/text.ts';
import type { TaskPlan } from '../../state/tasks.ts';
import type { WrittenPlan, WrittenTask } from './plan-format.ts';

const PRIORITIES: Readonly<Record<TaskPlan['priority'], number>> = { urgent: 0, high: 1, normal: 2, low: 3 };
const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[a-z0-9]+(?:\.\d+)*$/u;

const statusOf = ({ state, held }: WrittenTask): string => {
  if (state === 'done') return 'closed';
  if (held) return 'deferred';
  return state === 'running' || state === 'verifying' ? 'in_progress' : 'open';
};

const MINUTE = 60_000;

type Link = { readonly on: string; readonly type: 'blocks' | 'parent-child' };

const line = (record: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(record).filter(([, value]) => value !== '' && value !== undefined)));

const issue = (id: string, task: WrittenTask, links: readonly Link[]): string => {
  const { created_at, since } = task;
  const isDone = task.state === 'done';
  return line({
    id,
    title: task.title,
    description: task.description,
    design: task.details.join('\n'),
    acceptance_criteria: task.acceptance_criteria.join('\n'),
    status: statusOf(task),
    priority: PRIORITIES[task.priority],
    issue_type: 'task',
    estimated_minutes: task.estimated_duration === null ? undefined : Math.round(task.estimated_duration / MINUTE),
    created_at,
    updated_at: since,
    closed_at: isDone ? since : undefined,
    dependencies:
      links.length === 0
        ? undefined
        : links.map(({ on, type }) => ({ issue_id: id, depends_on_id: on, type, created_at })),
  });
};

const epic = (id: string, title: string, tasks: readonly WrittenTask[]): string => {
  const { created_at, since } = tasks[0]!;
  const isDone = tasks.every(({ state }) => state === 'done');
  return line({
    id,
    title,
    status: isDone ? 'closed' : 'open',
    priority: PRIORITIES.normal,
    issue_type: 'epic',
    created_at,
    updated_at: since,
    closed_at: isDone ? since : undefined,
  });
};

/** Issues with epics for the groups. Ids that beads would not take get the name of the plan in front. */
export const writeBeads = ({ name, tasks }: WrittenPlan): string => {
  const isKept = tasks.every(({ id }) => ID.test(id));
  const prefix = slug(name, 20).replace(/^[^a-z]+/u, '') || 'plan';
  const ids = new Map(tasks.map(({ id }, index) => [id, isKept ? id : `${prefix}-${index + 1}`]));
  const titles = [...new Set(tasks.flatMap(({ group, title }) => (group === null || group === title ? [] : group)))];
  const epics = new Map(titles.map((title, index) => [title, `${prefix}-e${index + 1}`]));
  const lines = titles.map((title) =>
    epic(
      epics.get(title)!,
      title,
      tasks.filter(({ group }) => group === title),
    ),
  );
  for (const task of tasks) {
    const parent = task.group === null ? undefined : epics.get(task.group);
    const blocks = task.dependencies.flatMap((id): Link[] =>
      ids.has(id) ? [{ on: ids.get(id)!, type: 'blocks' }] : [],
    );
    lines.push(
      issue(ids.get(task.id)!, task, parent === undefined ? blocks : [...blocks, { on: parent, type: 'parent-child' }]),
    );
  }
  return `${lines.join('\n')}\n`;
};
