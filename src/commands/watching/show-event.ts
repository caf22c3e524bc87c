import { z } from 'zod';
import { eventSchema } from '../../state/event-schema.ts';
import { defineCommand } from '../define.ts';
import { badParameter, notFound } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';

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
  run: async ({ store }, { id }) => {
    const name = requireOne(id, 'event');
    const number = Number(name);
    if (!Number.isSafeInteger(number) || number < 1)
      throw badParameter({ command: 'show event', key: 'id', issue: `"${name}" is no number of an event` });
    let begin = 1;
    for await (const event of store.events(number)) {
      begin = event.seq;
      if (event.seq !== number) break;
      const head = `${event.seq} ${event.type} by ${event.actor} at ${event.at} (${event.corr})`;
      return { message: `${head}\n${JSON.stringify(event.data, null, 2)}`, data: event };
    }
    throw notFound({ noun: 'event', id: name, known: [`${begin} to ${store.state.seq}`] });
  },
});
