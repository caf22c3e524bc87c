import { z } from 'zod';
import { conflictRecordSchema } from '../../state/conflict-records.ts';
import { examinedText } from '../../text/examined-conflict.ts';
import { suggestionsSchema, withSuggestions } from '../../text/suggestions.ts';
import type { Drawing } from '../../text/table.ts';
import { defineCommand } from '../define.ts';
import { idsParam, requireOne } from '../selection.ts';
import { conflictMeant, recordOf, waysOut } from './conflict-ways.ts';
import { conflictSchema, conflictsNow, conflictText, placesText } from './conflicts.ts';

const shownSchema = conflictSchema.extend({
  examined: conflictRecordSchema
    .nullable()
    .describe('The places with the lines around them, and what was tried; null where no batch met it'),
  suggestions: suggestionsSchema.describe('The commands that get it out of the way, the least work first'),
});

export const showConflict = defineCommand({
  verb: 'show',
  noun: 'conflict',
  summary: 'One conflict: whose work meets where, what was tried, and what gets it out of the way',
  example: 'show conflict t8',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  one: 'conflict',
  reads: true,
  params: z.object({ id: idsParam.describe('As the list shows it, or its task') }),
  result: shownSchema,
  run: async (context, { id }) => {
    const { state } = context.store;
    const one = conflictMeant(conflictsNow(context), requireOne(id, 'conflict'));
    const record = recordOf(state, one);
    const places = record ? examinedText(state, record) : placesText(one).map((file) => `  ${file}`);
    const head = `${one.id}: ${conflictText(one)}${one.open || one.kind === 'overlap' ? '' : ' (over)'}`;
    return {
      message: [head, ...places].join('\n'),
      data: { ...one, examined: record ?? null, suggestions: [...waysOut(state, one)] },
    };
  },
  draw: ({ suggestions }: z.infer<typeof shownSchema>, view: Drawing, message) =>
    withSuggestions(message, suggestions, view),
});
