import { z } from 'zod';
import { type AppEvent, emptyState, reduceAll } from '../../state/index.ts';
import { defineCommand } from '../define.ts';

export const rebuildState = defineCommand({
  verb: 'rebuild',
  noun: 'state',
  summary: 'Fold the whole journal once more and compare it with what is known',
  example: 'rebuild state',
  role: 'admin',
  modifiers: [],
  target: 'none',
  reads: true,
  params: z.object({}),
  result: z.object({
    events: z.number().int(),
    equal: z.boolean().describe('What the journal says is what is known'),
  }),
  run: async ({ store }) => {
    const until = store.state.seq;
    const before = JSON.stringify(store.state);
    const events: AppEvent[] = [];
    for await (const event of store.events(1)) {
      events.push(event);
      if (event.seq === until) break;
    }
    const state = reduceAll(emptyState, events);
    const equal = JSON.stringify(state) === before;
    const data = { events: until, equal };
    return equal
      ? { message: `${until} events folded again: equal to what is known.`, data }
      : { message: `${until} events folded again: not equal to what is known.`, data, exit: 1 };
  },
});
