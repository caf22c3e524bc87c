import { z } from 'zod';
import { eventSchema } from '../../state/event-schema.ts';
import { eventTypesOf } from '../../state/event-types.ts';
import type { AppEvent } from '../../state/index.ts';
import { momentOf } from '../../text/moment.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { beginHint } from './journal-begin.ts';

/** The first event that is meant: by its number, or by a time. */
const startOf = (since: string, now: number): { seq: number; at: number } =>
  /^[1-9]\d{0,14}$/u.test(since)
    ? { seq: Number(since), at: Number.NEGATIVE_INFINITY }
    : { seq: 1, at: momentOf(since, now) };

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
    since: z
      .union([z.number(), z.string()])
      .default(1)
      .describe('Number of the first event, or a time: 10m ago, 2026-11-20T14:30'),
    type: z.string().optional().describe('Only these types: task.created, or all of a noun; several with commas'),
    limit: z.coerce.number().int().min(1).optional().describe('Only the latest ones'),
    scope: z.literal('all').optional(),
  }),
  result: z.array(eventSchema),
  refuses: (_standing, { since, type }) => {
    if (type !== undefined) eventTypesOf(type);
    startOf(String(since), 0);
  },
  run: async ({ store, now }, { since, type, limit = Number.POSITIVE_INFINITY }) => {
    const types = type === undefined ? undefined : eventTypesOf(type);
    const from = startOf(String(since), Date.parse(now()));
    const read = async (first: number): Promise<{ shown: readonly AppEvent[]; begin: AppEvent | undefined }> => {
      const data: AppEvent[] = [];
      let begin: AppEvent | undefined;
      for await (const event of store.events(first)) {
        begin ??= event;
        if (types?.has(event.type) === false || Date.parse(event.at) < from.at) continue;
        data.push(event);
        // At most twice as many as wanted are kept: removing events one by one would move all others each time.
        if (data.length > 2 * limit) data.splice(0, data.length - limit);
      }
      return { shown: data.slice(-limit), begin };
    };
    // Most often the latest few are wanted, of which one knows where they begin; with gaps, or of some types, they are fewer.
    const latest = types === undefined ? Math.max(from.seq, store.state.seq - limit + 1) : from.seq;
    const few = latest > from.seq ? await read(latest) : undefined;
    const { shown, begin } = few?.shown.length === limit ? few : await read(from.seq);
    // Who asked for more than is kept, by a number, a time or without any, is told so.
    const isWhole = !begin || begin.seq <= from.seq || Date.parse(begin.at) <= from.at || shown.length === limit;
    const hint = isWhole ? undefined : beginHint(begin!);
    return { message: plural(shown.length, 'event'), data: shown, ...(hint === undefined ? {} : { hint }) };
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
        least: ['time', 'actor', 'data'],
        empty: 'Nothing happened yet.',
      },
      view,
    ),
});
