import { z } from 'zod';
import { offeredWithin } from '../../attention/attention.ts';
import { NEED_KINDS } from '../../attention/needs.ts';
import { type Told, toldIn } from '../../attention/told.ts';
import { alertSchema } from '../../state/alerts.ts';
import { timeIn, withAges } from '../../text/since-text.ts';
import { drawTable } from '../../text/table.ts';
import { defineCommand } from '../define.ts';
import { maySay } from '../dispatch.ts';

/** `1 needs you, 2 to know`: the numbers of the screen. */
const countsText = (told: readonly Told[]): string => {
  const needs = told.filter(({ need }) => need !== null).length;
  const parts = [
    needs === 0 ? '' : needs === 1 ? '1 needs you' : `${needs} need you`,
    needs < told.length ? `${told.length - needs} to know` : '',
  ];
  return `${parts.filter((part) => part !== '').join(', ') || 'Nothing needs you'}.`;
};

export const listAlert = defineCommand({
  verb: 'list',
  noun: 'alert',
  summary: 'List what needs a person, then what is only to be known, each with the command that helps',
  example: 'list alerts',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'optional',
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.array(
    alertSchema.extend({
      need: z.enum(NEED_KINDS).nullable().describe('Why it needs a person; null where it is only to be known'),
    }),
  ),
  run: async (context) => {
    const { state } = context.store;
    const told = toldIn(
      state,
      offeredWithin(state, context.settings.limits.maxInstances, (line) => maySay(context, line)),
    );
    return { message: countsText(told), data: [...told] };
  },
  draw: (data: readonly Told[], view) =>
    drawTable(
      {
        head: ['alert', 'needs you', 'what', 'suggestion'],
        rows: data.map((alert) => [
          { text: alert.id, tone: 'dim' },
          alert.need === null ? { text: 'to know', tone: 'dim' } : { text: alert.need, tone: 'bad' },
          { text: withAges(alert.text, timeIn(view)) },
          { text: alert.suggestion ?? '' },
        ]),
        empty: 'Nothing needs you.',
      },
      view,
    ),
});
