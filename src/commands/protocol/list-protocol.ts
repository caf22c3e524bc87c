import { z } from 'zod';
import { drawTable } from '../../text/table.ts';
import { defineCommand } from '../define.ts';
import { transportOf, transportSchema } from './transport.ts';

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
  run: async (context) => ({ message: '1 protocol: unix, in use.', data: [await transportOf(context)] }),
  draw: (data: readonly z.infer<typeof transportSchema>[], view) =>
    drawTable(
      {
        head: ['protocol', 'state', 'clients', 'waiting', 'address'],
        rows: data.map((one) => [
          { text: one.protocol },
          { text: 'in use', tone: 'good' },
          { text: String(one.clients) },
          { text: String(one.spooled) },
          { text: one.address, tone: 'dim' },
        ]),
        empty: 'There is none.',
      },
      view,
    ),
});
