import { ancestors, rootOf } from '../spec/number.ts';
import type { WrittenPlan, WrittenTask } from './plan-format.ts';

/** A group of a plan as it is numbered: tasks with their numbers. Without a title it is one task that stands alone. */
export type NumberedGroup = {
  readonly number: string;
  readonly title: string | null;
  readonly tasks: readonly { readonly number: string; readonly task: WrittenTask }[];
};

export type NumberedPlan = {
  readonly groups: readonly NumberedGroup[];
  /** The numbers of what a task waits for, as far as that is in the plan. */
  readonly needs: (task: WrittenTask) => readonly string[];
};

const NUMBER = /^\d{1,3}(?:\.\d{1,9}){0,9}$/u;

/** Whether the ids are numbers by which tasks can stand in groups, and stand together where they do. */
const areNumbers = (tasks: readonly WrittenTask[], deepest: number): boolean => {
  const ids = tasks.map(({ id }) => id);
  const above = new Set(ids.flatMap(ancestors));
  const isFit = (id: string): boolean => NUMBER.test(id) && !above.has(id) && id.split('.').length <= deepest;
  const roots = ids.map(rootOf).filter((root, index, all) => root !== all[index - 1]);
  return ids.every(isFit) && new Set(roots).size === roots.length;
};

type Run = { readonly title: string | null; readonly tasks: WrittenTask[] };

/** Neighbours of the same group. */
const runsOf = (tasks: readonly WrittenTask[], keyOf: (task: WrittenTask) => string | null): Run[] => {
  const runs: { key: string | null; title: string | null; tasks: WrittenTask[] }[] = [];
  for (const task of tasks) {
    const key = keyOf(task);
    const last = runs.at(-1);
    if (key !== null && last?.key === key) last.tasks.push(task);
    else runs.push({ key, title: key === null ? null : (task.group ?? task.title), tasks: [task] });
  }
  return runs;
};

const groupOf = (task: WrittenTask): string | null =>
  task.group === null || task.group === task.title ? null : task.group;

/** The tasks with their own numbers where these fit, else with new ones: `2` and `2.1` for the first task of group 2. */
export const numbered = ({ tasks }: WrittenPlan, deepest = 10): NumberedPlan => {
  const isKept = areNumbers(tasks, deepest);
  const runs = isKept ? runsOf(tasks, ({ id }) => (id.includes('.') ? rootOf(id) : null)) : runsOf(tasks, groupOf);
  const groups = runs.map(({ title, tasks: inRun }, index): NumberedGroup => {
    const number = isKept ? rootOf(inRun[0]!.id) : String(index + 1);
    const own = (place: number): string => (title === null ? number : `${number}.${place + 1}`);
    return { number, title, tasks: inRun.map((task, place) => ({ number: isKept ? task.id : own(place), task })) };
  });
  const numbers = new Map(groups.flatMap((group) => group.tasks.map(({ number, task }) => [task.id, number])));
  return { groups, needs: ({ dependencies }) => dependencies.flatMap((id) => numbers.get(id) ?? []) };
};
