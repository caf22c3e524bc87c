import { z } from 'zod';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { type Transport, transportSchema, transportsOf } from './transports.ts';

export const listProtocol = defineCommand({
  verb: 'list',
  noun: 'protocol',
  summary: 'List the transports that commands and messages can travel over',
  example: 'list protocols',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object({}),
  result: z.array(transportSchema),
  run: async (context) => {
    const data = await transportsOf(context);
    const used = data.filter((one) => one.in_use).map((one) => one.protocol);
    return { message: `${plural(data.length, 'protocol')}, in use: ${used.join(', ') || 'none'}.`, data };
  },
  draw: (data: readonly Transport[], view) =>
    drawTable(
      {
        head: ['protocol', 'state', 'clients', 'waiting', 'address'],
        rows: data.map((one) => [
          { text: one.protocol },
          one.in_use ? { text: 'in use', tone: 'good' } : { text: 'not in use', tone: 'dim' },
          { text: one.in_use ? String(one.clients) : '' },
          { text: one.in_use ? String(one.spooled) : '' },
          { text: one.address ?? one.summary, tone: 'dim' },
        ]),
        empty: 'There is none.',
      },
      view,
    ),
});
