import { z } from 'zod';
import {
  type ConflictFile as ExaminedFile,
  type ConflictRecord,
  conflictRecordSchema,
  examinedFileSchema,
} from '../../state/conflict-records.ts';
import type { State } from '../../state/index.ts';
import { examinedText, foreseenText } from '../../text/examined-conflict.ts';
import { suggestionsSchema, withSuggestions } from '../../text/suggestions.ts';
import type { Drawing } from '../../text/table.ts';
import { type Context, defineCommand } from '../define.ts';
import { idsParam, requireOne } from '../selection.ts';
import { conflictMeant, recordOf, waysOut } from './conflict-ways.ts';
import { type Conflict, conflictSchema, conflictsNow, conflictText, pairOf, placesText } from './conflicts.ts';

const shownSchema = conflictSchema.extend({
  examined: conflictRecordSchema
    .nullable()
    .describe('The places with the lines around them, and what was tried; null where no batch met it'),
  met: z
    .array(examinedFileSchema)
    .describe('Where it is foreseen, the places with the lines of both as they are now, those of `instance` as `ours`'),
  suggestions: suggestionsSchema.describe('The commands that get it out of the way, the least work first'),
});

/** What both have where they would conflict; of work that merges so far nothing has to be seen. */
const metIn = async ({ radar }: Pick<Context, 'radar'>, one: Conflict): Promise<readonly ExaminedFile[]> => {
  const pair = one.kind === 'predicted' ? pairOf(one) : null;
  return pair ? radar.examine(pair) : [];
};

const placesOf = (state: State, one: Conflict, record: ConflictRecord | undefined, met: readonly ExaminedFile[]) => {
  if (record) return examinedText(state, record);
  const pair = pairOf(one);
  return pair && met.length > 0 ? foreseenText(state, pair, met) : placesText(one).map((file) => `  ${file}`);
};

export const showConflict = defineCommand({
  verb: 'show',
  noun: 'conflict',
  summary: 'One conflict: whose work meets where, what was tried, and what gets it out of the way',
  example: 'show conflict t8',
  role: 'viewer',
  modifiers: ['detailed'],
  aloud: ['detailed'],
  target: 'required',
  one: 'conflict',
  reads: true,
  params: z.object({ id: idsParam.describe('As the list shows it, or its task') }),
  result: shownSchema,
  run: async (context, { id }) => {
    const { state } = context.store;
    const one = conflictMeant(conflictsNow(context), requireOne(id, 'conflict'));
    const record = recordOf(state, one);
    const met = await metIn(context, one);
    const head = `${one.id}: ${conflictText(one)}${one.open || one.kind === 'overlap' ? '' : ' (over)'}`;
    return {
      message: [head, ...placesOf(state, one, record, met)].join('\n'),
      data: {
        ...one,
        examined: record ?? null,
        met,
        suggestions: [...waysOut(state, one, context.settings.branches.integration)],
      },
    };
  },
  draw: ({ suggestions }: z.infer<typeof shownSchema>, view: Drawing, message) =>
    withSuggestions(message, suggestions, view),
});
