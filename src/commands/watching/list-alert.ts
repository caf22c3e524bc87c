import { z } from 'zod';
import { offeredAlert } from '../../attention/attention.ts';
import { valuesOf } from '../../lib/records.ts';
import { type Alert, alertSchema } from '../../state/alerts.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { maySay } from '../dispatch.ts';

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
  run: async (context) => {
    const alerts = valuesOf(context.store.state.alerts);
    return {
      message: plural(alerts.length, 'alert'),
      data: alerts.map((alert) => offeredAlert(alert, (line) => maySay(context, line))),
    };
  },
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
