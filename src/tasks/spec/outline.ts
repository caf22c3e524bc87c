import type { Spec } from '../../state/specs.ts';
import type { Task, Tasks } from '../../state/tasks.ts';
import { tasksOf } from '../select.ts';
import { rootOf, specPrefix } from './number.ts';

/** A parent of a plan with the tasks in it. */
type Outline = { readonly number: string; readonly title: string; readonly tasks: readonly Task[] };

/** The number of a task in the file of its plan: its id without what stands before it where numbers clash. */
export const numberIn = (task: Pick<Task, 'id' | 'spec'>): string => {
  const prefix = task.spec === null ? '' : specPrefix(task.spec);
  return prefix !== '' && task.id.startsWith(prefix) ? task.id.slice(prefix.length) : task.id;
};

/** The parents of a plan in its order; a task that has none stands for itself. */
export const outlineOf = (spec: Spec, tasks: Tasks): Outline[] => {
  const groups = new Map<string, { number: string; title: string; tasks: Task[] }>();
  for (const task of tasksOf(spec, tasks)) {
    const number = rootOf(numberIn(task));
    const title = task.group ?? task.title;
    const key = JSON.stringify([number, title]);
    const group = groups.get(key) ?? { number, title, tasks: [] };
    groups.set(key, group);
    group.tasks.push(task);
  }
  return [...groups.values()];
};
