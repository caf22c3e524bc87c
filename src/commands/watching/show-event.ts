import { z } from 'zod';
import { eventSchema } from '../../state/event-schema.ts';
import { eventText } from '../../text/event-text.ts';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { numberNamed } from './number-named.ts';

export const showEvent = defineCommand({
  verb: 'show',
  noun: 'event',
  summary: 'One event of the journal in words; with detailed also as it is recorded',
  example: 'show event 12',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  one: 'event',
  reads: true,
  params: z.object({ id: idsParam.describe('Its number') }),
  result: eventSchema,
  refuses: (_standing, { id }) => void numberNamed(id, 'event', 'an event'),
  run: async ({ store, now }, { id }, modifiers) => {
    const number = numberNamed(id, 'event', 'an event');
    let begin = 1;
    for await (const event of store.events(number)) {
      begin = event.seq;
      if (event.seq !== number) break;
      const raw = modifiers.includes('detailed')
        ? `As it is recorded:\n${JSON.stringify(event, null, 2)}`
        : `As it is recorded: show event ${number} detailed`;
      return { message: `${eventText(event, store.state, now())}\n\n${raw}`, data: event };
    }
    throw notFound({ noun: 'event', id: String(number), known: [`${begin} to ${store.state.seq}`] });
  },
});
