import { z } from 'zod';
import { doneText } from '../../tasks/done-count.ts';
import { drawTable } from '../../text/table.ts';
import { givenUpTexts, plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { type PlanRow, planRow, planSchema } from './plan-rows.ts';

export const listPlan = defineCommand({
  verb: 'list',
  noun: 'plan',
  summary: 'List the plans that were imported, with how far each is',
  example: 'list plans',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'optional',
  reads: true,
  params: z.object({ limit: z.coerce.number().int().min(1).optional() }),
  result: z.array(planSchema),
  run: async ({ store: { state } }, { limit }) => {
    const data = Object.values(state.specs).map((spec) => planRow(state, spec));
    return { message: `${plural(data.length, 'plan')}.`, data: data.slice(0, limit) };
  },
  draw: (data: readonly PlanRow[], view) =>
    drawTable(
      {
        head: ['plan', 'done', 'running', 'failed', 'open', 'policy', 'file'],
        rows: data.map((plan) => [
          { text: plan.name },
          {
            text: [doneText(plan), ...givenUpTexts(plan)].join(', '),
            ...(plan.done === plan.total && plan.unchecked === 0 ? { tone: 'good' as const } : {}),
          },
          { text: String(plan.running), ...(plan.running > 0 ? { tone: 'busy' as const } : {}) },
          { text: String(plan.failed), ...(plan.failed > 0 ? { tone: 'bad' as const } : {}) },
          { text: String(plan.open) },
          { text: plan.policy },
          { text: plan.source, tone: 'dim' },
        ]),
        details: data.map((plan) => [
          ['file', plan.source],
          ['ticked on', plan.tracked_path ?? ''],
          ['written as', plan.format ?? ''],
          ['imported', plan.imported_at],
          ['tasks', plan.tasks.join(', ')],
        ]),
        empty: 'No plan.',
        next: [['Import one', 'import spec PATH']],
      },
      view,
    ),
});
