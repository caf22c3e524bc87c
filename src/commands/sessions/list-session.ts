import { z } from 'zod';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { type SessionRow, sessionNamed, sessionSchema, sessionsOf } from './session-rows.ts';

export const listSession = defineCommand({
  verb: 'list',
  noun: 'session',
  summary: 'List the tmux sessions of the swarm: whose each is, who looks at it, and those that no record knows',
  example: 'list sessions',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object({
    id: idsParam.optional().describe('Only these instances or sessions'),
    state: z
      .union([z.literal('stale'), z.tuple([z.literal('stale')])])
      .optional()
      .describe('stale, those that no record knows'),
    limit: z.coerce.number().int().min(1).optional(),
  }),
  result: z.array(sessionSchema),
  run: async (context, { id, state, limit }) => {
    const seats = await sessionsOf(context);
    const named = id ? id.map((one) => sessionNamed(seats, one)) : seats;
    const data = named
      .map(({ row }) => row)
      .filter((row) => state === undefined || row.orphan)
      .slice(0, limit);
    const orphans = data.filter((row) => row.orphan).length;
    return {
      message: `${plural(data.length, 'session')}${orphans > 0 ? `, ${orphans} of no instance` : ''}.`,
      data,
    };
  },
  draw: (data: readonly SessionRow[], view) =>
    drawTable(
      {
        head: ['session', 'instance', 'clients', 'shared with', 'windows', 'size', 'last activity', 'created'],
        rows: data.map((row) => [
          { text: row.session },
          row.orphan ? { text: '! of no instance', tone: 'bad' } : { text: row.instance ?? '' },
          { text: String(row.clients.length), ...(row.clients.length > 0 ? { tone: 'busy' as const } : {}) },
          { text: row.shared_with.map(({ user, rw }) => (rw ? `${user} (types)` : user)).join(' '), tone: 'busy' },
          { text: row.windows.join(' ') },
          { text: `${row.cols}×${row.rows}` },
          { text: row.last_activity, tone: 'dim' },
          { text: row.created_at, tone: 'dim' },
        ]),
        empty: 'No session.',
        next: [['Start some agents', 'launch 3 instances']],
      },
      view,
    ),
});
