import { z } from 'zod';
import { drawTable } from '../../text/table.ts';
import { taskRowSchema, taskTable, withWord } from '../../text/task-rows.ts';
import { defineCommand } from '../define.ts';
import { idsParam, lookUp, requireOne } from '../selection.ts';
import { planRow, planSchema, planText } from './plan-rows.ts';

const dataSchema = planSchema.extend({ rows: z.array(taskRowSchema).describe('Its tasks in the order of the plan') });

export const showPlan = defineCommand({
  verb: 'show',
  noun: 'plan',
  summary: 'One plan with its tasks and how far each is',
  example: 'show plan login',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  one: 'plan',
  reads: true,
  params: z.object({ id: idsParam.describe('Its name') }),
  result: dataSchema,
  run: async ({ store: { state } }, { id }) => {
    const plan = planRow(state, lookUp(state.specs, requireOne(id, 'plan'), 'plan'));
    const rows = plan.tasks.flatMap((task) => state.tasks[task] ?? []).map((task) => withWord(task, state));
    return { message: `${plan.name}: ${planText(plan)}.`, data: { ...plan, rows } };
  },
  draw: (data: z.infer<typeof dataSchema>, view) =>
    `${data.name}: ${planText(data)}, policy ${data.policy}, from ${data.source}\n${drawTable(taskTable(data.rows), view)}`,
});
