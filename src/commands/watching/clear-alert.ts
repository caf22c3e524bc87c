import { z } from 'zod';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { idsParam, lookUp } from '../selection.ts';

export const clearAlert = defineCommand({
  verb: 'clear',
  noun: 'alert',
  summary: 'Dismiss alerts that you have seen to',
  example: 'clear all alerts',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'dismisses the alerts',
  params: z.object({ id: idsParam.optional(), scope: z.literal('all').optional() }),
  result: z.number().int().describe('How many'),
  run: async (context, { id }) => {
    const facts = await context.decide((state) => {
      const ids = id?.map((one) => lookUp(state.alerts, one, 'alert').id) ?? Object.keys(state.alerts);
      return ids.map((one) => ({ type: 'alert.cleared', data: { id: one, because: 'by hand' } }));
    });
    return { message: `Cleared ${plural(facts.length, 'alert')}.`, data: facts.length };
  },
});
