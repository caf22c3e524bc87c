import { z } from 'zod';
import { offeredWithin } from '../../attention/attention.ts';
import { toldById } from '../../attention/told.ts';
import { asSentence } from '../../lib/errors.ts';
import { alertSchema } from '../../state/alerts.ts';
import { agoText, withAges } from '../../text/since-text.ts';
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
  aloud: ['detailed'],
  target: 'required',
  one: 'alert',
  reads: true,
  params: z.object({ id: idsParam }),
  result: shownSchema,
  run: async (context, { id }) => {
    const { state } = context.store;
    const { maxInstances } = context.settings.limits;
    const attention = offeredWithin(state, maxInstances, (line) => maySay(context, line));
    const { need, ...alert } = lookUp(toldById(state, attention), requireOne(id, 'alert'), 'alert');
    // Somebody who may do nothing about it sees it here.
    const suggestion = /^show alert /u.test(alert.suggestion ?? '') ? null : alert.suggestion;
    const suggestions = suggestion === null ? [] : [plainSuggestion(suggestion)];
    const what = need === null ? 'To know' : 'Needs you';
    const now = context.now();
    return {
      message: `${what}, raised ${agoText(alert.raised_at, now)}: ${asSentence(withAges(alert.text, now))}`,
      data: { ...alert, suggestion, suggestions },
    };
  },
  draw: ({ suggestions }: z.infer<typeof shownSchema>, view: Drawing, message) =>
    withSuggestions(message, suggestions, view),
});
