import { z } from 'zod';
import { eventSchema } from '../../state/event-schema.ts';
import { defineCommand } from '../define.ts';
import { badParameter, notFound } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';

const numberIn = (ids: readonly string[]): number => {
  const name = requireOne(ids, 'event');
  const number = Number(name);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw badParameter({ command: 'show event', key: 'id', issue: `"${name}" is no number of an event` });
};

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
  refuses: (_standing, { id }) => void numberIn(id),
  run: async ({ store }, { id }) => {
    const number = numberIn(id);
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
