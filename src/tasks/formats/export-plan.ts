import type { SpecPlan } from '../spec/import-spec.ts';
import { readPlan } from './index.ts';
import type { PlanFormat, WrittenPlan, WrittenTask } from './plan-format.ts';

export type Exported = {
  readonly text: string;
  /** What the text does not say as the plan has it: `2 priorities`. */
  readonly lost: readonly string[];
};

const counted = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];

type Pair = { readonly task: WrittenTask; readonly back: SpecPlan['plans'][number] };

/** How many of these dependencies are no longer there, and how many came in. */
const edgeLosses = (pairs: readonly Pair[]): string[] => {
  const ids = new Map(pairs.map(({ task, back }) => [task.id, back.id]));
  let lost = 0;
  let added = 0;
  for (const { task, back } of pairs) {
    const wanted = new Set(task.dependencies.map((id) => ids.get(id) ?? `no ${id}`));
    const found = new Set(back.dependencies);
    lost += [...wanted].filter((id) => !found.has(id)).length;
    added += [...found].filter((id) => !wanted.has(id)).length;
  }
  return [
    ...counted(lost, 'dependency is not said', 'dependencies are not said'),
    ...counted(added, 'dependency is read into its order', 'dependencies are read into its order'),
  ];
};

const groupOf = ({ group, title }: { readonly group: string | null; readonly title: string }): string =>
  group === null || group === title ? '' : group;

/** What is otherwise when the text is read again. */
const lossesOf = (tasks: readonly WrittenTask[], plan: SpecPlan): string[] => {
  const done = new Set(plan.done);
  const held = new Set(plan.held);
  const pairs = tasks.flatMap((task, index): Pair[] => (plan.plans[index] ? [{ task, back: plan.plans[index] }] : []));
  const count = (isOtherwise: (pair: Pair) => boolean): number => pairs.filter(isOtherwise).length;
  return [
    ...counted(tasks.length - pairs.length, 'task', 'tasks'),
    ...counted(
      count(({ task, back }) => task.id !== back.id),
      'id is another',
      'ids are others',
    ),
    ...counted(
      count(({ task, back }) => task.title !== back.title),
      'title is written otherwise',
      'titles are written otherwise',
    ),
    ...counted(
      count(({ task, back }) => groupOf(task) !== groupOf(back)),
      'task is in no group or another',
      'tasks are in no group or another',
    ),
    ...edgeLosses(pairs),
    ...counted(
      count(({ task, back }) => (task.state === 'done') !== done.has(back.id)),
      'state',
      'states',
    ),
    ...counted(
      count(({ task, back }) => task.held !== held.has(back.id)),
      'task that is held back',
      'tasks that are held back',
    ),
    ...counted(
      count(({ task, back }) => task.priority !== back.priority),
      'priority',
      'priorities',
    ),
    ...counted(
      count(({ task, back }) => task.estimated_duration !== back.estimated_duration),
      'estimate',
      'estimates',
    ),
  ];
};

/** A plan in a format, with what that has no place for: the text is read again and compared. */
export const exportPlan = (format: PlanFormat, plan: WrittenPlan): Exported => {
  const tasks = format.hasCancelled ? plan.tasks : plan.tasks.filter(({ state }) => state !== 'cancelled');
  const cancelled = counted(
    plan.tasks.length - tasks.length,
    'cancelled task is left out',
    'cancelled tasks are left out',
  );
  const text = format.write({ ...plan, tasks });
  const back = readPlan(format, { name: plan.name, tasksText: text, policy: 'kiro', barrier: false });
  return { text, lost: [...cancelled, ...lossesOf(tasks, back)] };
};
