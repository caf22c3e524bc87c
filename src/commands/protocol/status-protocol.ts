import { z } from 'zod';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { transportSchema, transportsOf } from './transports.ts';

export const statusProtocol = defineCommand({
  verb: 'status',
  noun: 'protocol',
  summary: 'How commands and messages travel: the transport, who is connected, what waits',
  example: 'status protocol',
  role: 'viewer',
  modifiers: [],
  later: { modifiers: ['health', 'visual'], parameters: ['timeout'] },
  target: 'none',
  reads: true,
  params: z.object({}),
  result: transportSchema,
  run: async (context) => {
    // The first one is in use: it has brought this very command.
    const data = (await transportsOf(context))[0]!;
    const { title, address, clients, requests, spooled } = data;
    return {
      message: `Commands travel over the ${title} ${address}; ${plural(clients, 'client')}, ${plural(requests, 'request')} being carried out, ${plural(spooled, 'message')} of agents waiting.`,
      data,
    };
  },
});
