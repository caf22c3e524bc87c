import { z } from 'zod';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

export const rebuildState = defineCommand({
  verb: 'rebuild',
  noun: 'state',
  summary: 'Fold the whole journal once more, compare it with what is known, and write db.json anew',
  example: 'rebuild state',
  role: 'admin',
  modifiers: [],
  target: 'none',
  reads: true,
  params: z.object({}),
  result: z.object({
    events: z.number().int().describe('How many were folded: all that are kept'),
    equal: z.boolean().describe('What the journal says is what is known'),
  }),
  run: async ({ store, rebuildState: rebuild }) => {
    const { seq } = store.state;
    const { equal, trouble, from } = await rebuild();
    const events = seq - from;
    const data = { events, equal };
    const written = trouble === null ? 'db.json is written anew' : `db.json could not be written: ${trouble}`;
    const message = `${plural(events, 'event')} folded again${from === 0 ? '' : `, behind the state of event ${from}`}: ${equal ? '' : 'not '}equal to what is known; ${written}.`;
    return equal && trouble === null ? { message, data } : { message, data, exit: 1 };
  },
});
