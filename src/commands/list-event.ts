import { z } from 'zod';
import type { AppEvent } from '../state/index.ts';
import { defineCommand } from './define.ts';
import { drawTable } from './table.ts';
import { plural } from './wording.ts';

export const listEvent = defineCommand({
  verb: 'list',
  noun: 'event',
  summary: 'List what happened, from the journal',
  example: 'list events limit=20',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'optional',
  params: z.object({
    since: z.coerce.number().int().min(1).default(1).describe('First event number'),
    limit: z.coerce.number().int().min(1).optional().describe('Only the latest ones'),
    scope: z.literal('all').optional(),
  }),
  run: async ({ store }, { since, limit }) => {
    const data: AppEvent[] = [];
    for await (const event of store.events(since)) {
      data.push(event);
      if (limit !== undefined && data.length > limit) data.shift();
    }
    return { message: plural(data.length, 'event'), data };
  },
  draw: (data: readonly AppEvent[], view) =>
    drawTable(
      {
        head: ['seq', 'time', 'actor', 'type', 'data'],
        rows: data.map((event) => [
          { text: String(event.seq) },
          { text: event.at, tone: 'dim' },
          { text: event.actor },
          { text: event.type },
          { text: JSON.stringify(event.data), tone: 'dim' },
        ]),
        empty: 'Nothing happened yet.',
      },
      view,
    ),
});
