import type { Policy } from '../../state/specs.ts';
import type { ReadItems, TaskItem } from '../items/item.ts';
import { needsOf } from '../order/edges.ts';
import { orderOf } from '../order/order.ts';
import { type ParsedTask, parseTasks } from './spec-tasks.ts';

const itemOf = (
  task: ParsedTask,
  given: boolean,
  more: { group: string | null; needs: readonly string[] },
): TaskItem => ({
  ...(given ? { id: task.number } : {}),
  key: task.number,
  line: task.line,
  title: task.title,
  details: [...task.details],
  ...(more.group === null ? {} : { group: more.group }),
  ...(task.requirements.length > 0 ? { requirements: [...task.requirements] } : {}),
  ...(more.needs.length > 0 ? { dependencies: [...more.needs] } : {}),
  ...(task.optional ? { priority: 'low' as const } : {}),
  ...(task.state === 'done' ? { state: 'done' as const } : {}),
});

/** A Markdown check list, with numbers or without; boxes below others are their parts, and the topmost one is the group. */
export const readChecklist = (text: string, policy: Policy): ReadItems => {
  const plan = parseTasks(text);
  const leaves = plan.tasks.filter((task) => task.leaf);
  const needs = needsOf(orderOf(plan, { policy, barrier: false }).edges);
  const titles = new Map(plan.groups.map((group) => [group.number, group.title]));
  return {
    items: leaves.map((task) =>
      itemOf(task, plan.given, {
        group: task.group === task.number ? null : (titles.get(task.group) ?? null),
        needs: needs.get(task.number)!,
      }),
    ),
    mistakes: plan.mistakes,
    warnings: plan.warnings,
  };
};
