import { orderOf } from '../order/order.ts';
import type { PlanReading } from '../spec/import-spec.ts';
import { parseTasks } from '../spec/spec-tasks.ts';
import type { PlanText } from './plan-format.ts';

/** Reads what a Kiro spec and its relatives have in common, which differ in little but what they leave out. */
export const readMarkdown = ({ tasksText, file, policy, barrier }: PlanText): PlanReading => {
  const parsed = parseTasks(tasksText, file);
  return { parsed, order: orderOf(parsed, { policy, barrier }) };
};
