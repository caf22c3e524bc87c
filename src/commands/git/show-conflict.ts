import { z } from 'zod';
import { conflictRecordSchema } from '../../state/conflict-records.ts';
import { examinedText } from '../../text/examined-conflict.ts';
import { defineCommand } from '../define.ts';
import { idsParam, requireOne } from '../selection.ts';
import { conflictMeant, recordOf, type Way, waysOut } from './conflict-ways.ts';
import { conflictSchema, conflictsNow, conflictText, placesText } from './conflicts.ts';

const shownSchema = conflictSchema.extend({
  examined: conflictRecordSchema
    .nullable()
    .describe('The places with the lines around them, and what was tried; null where no batch met it'),
  ways: z
    .array(z.object({ command: z.string(), does: z.string() }))
    .describe('The commands that get it out of the way, the least work first'),
});

const waysText = (ways: readonly Way[]): readonly string[] => {
  if (ways.length === 0) return [];
  const width = Math.max(...ways.map(({ command }) => command.length).filter((length) => length < 40));
  return ['What you can do:', ...ways.map(({ command, does }) => `  ${command.padEnd(width)}  ${does}`)];
};

export const showConflict = defineCommand({
  verb: 'show',
  noun: 'conflict',
  summary: 'One conflict: whose work meets where, what was tried, and what gets it out of the way',
  example: 'show conflict t8',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam.describe('As the list shows it, or its task') }),
  result: shownSchema,
  run: async (context, { id }) => {
    const { state } = context.store;
    const one = conflictMeant(conflictsNow(context), requireOne(id, 'conflict'));
    const record = recordOf(state, one);
    const places = record ? examinedText(state, record) : placesText(one).map((file) => `  ${file}`);
    const head = `${one.id}: ${conflictText(one)}${one.open || one.kind === 'overlap' ? '' : ' (over)'}`;
    const ways = waysOut(state, one);
    return {
      message: [head, ...places, ...waysText(ways)].join('\n'),
      data: { ...one, examined: record ?? null, ways },
    };
  },
});
