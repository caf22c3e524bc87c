import { z } from 'zod';
import { defineCommand } from './define.ts';
import { notFound } from './errors.ts';
import { plural } from './launching.ts';
import { idsParam } from './selection.ts';

export const clearAlert = defineCommand({
  verb: 'clear',
  noun: 'alert',
  summary: 'Put alerts away that have been seen to',
  example: 'clear all alerts',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  params: z.object({ id: idsParam.optional(), scope: z.literal('all').optional() }),
  run: async (context, { id }) => {
    const facts = await context.decide((state) => {
      const known = Object.keys(state.alerts);
      const unknown = id?.find((one) => !state.alerts[one]);
      if (unknown !== undefined) throw notFound({ noun: 'alert', id: unknown, known });
      return (id ?? known).map((one) => ({ type: 'alert.cleared', data: { id: one, because: 'by hand' } }));
    });
    return { message: `Cleared ${plural(facts.length, 'alert')}.`, data: facts.length };
  },
});
