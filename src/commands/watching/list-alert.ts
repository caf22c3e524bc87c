import { z } from 'zod';
import { type Alert, alertSchema } from '../../state/alerts.ts';
import { defineCommand } from '../define.ts';
import { drawTable } from '../table.ts';
import { plural } from '../wording.ts';

export const listAlert = defineCommand({
  verb: 'list',
  noun: 'alert',
  summary: 'List what needs a person, with the command that helps',
  example: 'list alerts',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'optional',
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.array(alertSchema),
  run: async ({ store: { state } }) => ({
    message: plural(Object.keys(state.alerts).length, 'alert'),
    data: Object.values(state.alerts),
  }),
  draw: (data: readonly Alert[], view) =>
    drawTable(
      {
        head: ['alert', 'severity', 'what', 'suggestion'],
        rows: data.map((alert) => [
          { text: alert.id, tone: 'dim' },
          { text: alert.severity, tone: 'bad' },
          { text: alert.text },
          { text: alert.suggestion ?? '' },
        ]),
        empty: 'Nothing needs you.',
      },
      view,
    ),
});
