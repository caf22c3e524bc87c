import { z } from 'zod';
import { offeredAlert } from '../../attention/attention.ts';
import { alertSchema } from '../../state/alerts.ts';
import { plainSuggestion, suggestionsSchema, withSuggestions } from '../../text/suggestions.ts';
import type { Drawing } from '../../text/table.ts';
import { defineCommand } from '../define.ts';
import { maySay } from '../dispatch.ts';
import { idsParam, lookUp, requireOne } from '../selection.ts';

const shownSchema = alertSchema.extend({ suggestions: suggestionsSchema });

export const showAlert = defineCommand({
  verb: 'show',
  noun: 'alert',
  summary: 'One alert: what is wrong, since when, and the command that helps',
  example: 'show alert failed:3.1',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam }),
  result: shownSchema,
  run: async (context, { id }) => {
    const found = lookUp(context.store.state.alerts, requireOne(id, 'alert'), 'alert');
    const alert = offeredAlert(found, (line) => maySay(context, line));
    const suggestions = alert.suggestion === null ? [] : [plainSuggestion(alert.suggestion)];
    return {
      message: `${alert.severity} since ${alert.raised_at}: ${alert.text}`,
      data: { ...alert, suggestions },
    };
  },
  draw: ({ suggestions }: z.infer<typeof shownSchema>, view: Drawing, message) =>
    withSuggestions(message, suggestions, view),
});
