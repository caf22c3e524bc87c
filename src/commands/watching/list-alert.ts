import { z } from 'zod';
import { type Alert, alertSchema } from '../../state/alerts.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

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
