import { z } from 'zod';
import { shown } from '../../lib/text.ts';
import { defineCommand } from '../define.ts';
import { idsParam, requireOne } from '../selection.ts';
import { shareText } from './sharing.ts';
import { type SessionRow, sessionNamed, sessionSchema, sessionsOf } from './session-rows.ts';

const drawSession = (row: SessionRow): string => {
  const fields: [string, string][] = [
    ['instance', row.instance ?? 'none: no record knows it, see "clean sessions"'],
    ['windows', row.windows.join(', ')],
    ['size', `${row.cols}×${row.rows}`],
    ['created', row.created_at],
    ['activity', row.last_activity],
    ...row.clients.map((client): [string, string] => [
      'client',
      `${client.tty}, ${client.cols}×${client.rows}${client.read_only ? ', looks only' : ''}`,
    ]),
    ...row.shared_with.map((share): [string, string] => ['shared', shareText(share)]),
  ];
  const lines = fields.map(([key, value]) => `${`${key}:`.padEnd(10)} ${shown(value)}`);
  return [shown(row.session), ...lines].join('\n');
};

export const showSession = defineCommand({
  verb: 'show',
  noun: 'session',
  summary: 'One tmux session: its windows, its size and who looks at it',
  example: 'show session rehearsal-1',
  role: 'viewer',
  modifiers: [],
  target: 'required',
  one: 'session',
  reads: true,
  params: z.object({ id: idsParam.describe('An instance, or the name of its session') }),
  result: sessionSchema,
  run: async (context, { id }) => {
    const { row } = sessionNamed(await sessionsOf(context), requireOne(id, 'session'));
    const seen = row.clients.length === 0 ? 'nobody looks at it' : `${row.clients.length} look at it`;
    return { message: `${row.session} of ${row.instance ?? 'no instance'}; ${seen}.`, data: row };
  },
  draw: drawSession,
});
