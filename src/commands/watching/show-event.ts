import { z } from 'zod';
import { eventSchema } from '../../state/event-schema.ts';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { numberNamed } from './number-named.ts';

export const showEvent = defineCommand({
  verb: 'show',
  noun: 'event',
  summary: 'One event of the journal, whole',
  example: 'show event 12',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  one: 'event',
  reads: true,
  params: z.object({ id: idsParam.describe('Its number') }),
  result: eventSchema,
  refuses: (_standing, { id }) => void numberNamed(id, 'event', 'an event'),
  run: async ({ store }, { id }) => {
    const number = numberNamed(id, 'event', 'an event');
    let begin = 1;
    for await (const event of store.events(number)) {
      begin = event.seq;
      if (event.seq !== number) break;
      const head = `${event.seq} ${event.type} by ${event.actor} at ${event.at} (${event.corr})`;
      return { message: `${head}\n${JSON.stringify(event.data, null, 2)}`, data: event };
    }
    throw notFound({ noun: 'event', id: String(number), known: [`${begin} to ${store.state.seq}`] });
  },
});
