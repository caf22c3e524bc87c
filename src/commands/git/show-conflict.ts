import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idsParam, lookUp, requireOne } from '../selection.ts';
import { conflictSchema, conflictsNow, conflictText, placesText } from './conflicts.ts';

export const showConflict = defineCommand({
  verb: 'show',
  noun: 'conflict',
  summary: 'One conflict with its files, and the lines where it is foreseen',
  example: 'show conflict batch-1/3.1',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam.describe('As the list shows it') }),
  result: conflictSchema,
  run: async (context, { id }) => {
    const all = Object.fromEntries(conflictsNow(context).map((one) => [one.id, one]));
    const one = lookUp(all, requireOne(id, 'conflict'), 'conflict');
    const files = placesText(one).map((file) => `  ${file}`);
    const head = `${one.id}: ${conflictText(one)}${one.open || one.kind === 'overlap' ? '' : ' (over)'}`;
    return { message: [head, ...files].join('\n'), data: one };
  },
});
