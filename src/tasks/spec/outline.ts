import type { Spec } from '../../state/specs.ts';
import type { Task, Tasks } from '../../state/tasks.ts';
import { tasksOf } from '../select.ts';
import { rootOf, specPrefix } from './number.ts';

/** A parent of a plan with the tasks in it. */
type Outline = { readonly number: string; readonly title: string; readonly tasks: readonly Task[] };

/** The number of a task in the file of its plan: as it is told, else its id without what stands before it where numbers clash. */
export const numberIn = (task: Pick<Task, 'id' | 'spec' | 'number'>): string => {
  if (task.number !== undefined) return task.number;
  const prefix = task.spec === null ? '' : specPrefix(task.spec);
  return prefix !== '' && task.id.startsWith(prefix) ? task.id.slice(prefix.length) : task.id;
};

/** The parents of a plan in its order; a task that has none stands for itself. */
export const outlineOf = (spec: Spec, tasks: Tasks): Outline[] => {
  const groups = new Map<string, { number: string; title: string; tasks: Task[] }>();
  for (const task of tasksOf(spec, tasks)) {
    const own = numberIn(task);
    const number = rootOf(own);
    const title = task.group ?? task.title;
    // Ids such as T001 say nothing of the group, so that its title alone tells it.
    const isByTitle = number === own && title !== task.title;
    const key = JSON.stringify(isByTitle ? [title] : [number, title]);
    const group = groups.get(key) ?? { number, title, tasks: [] };
    groups.set(key, group);
    group.tasks.push(task);
  }
  return [...groups.values()];
};
