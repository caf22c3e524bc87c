import { z } from 'zod';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { transportOf, transportSchema } from './transport.ts';

export const statusProtocol = defineCommand({
  verb: 'status',
  noun: 'protocol',
  summary: 'How commands and messages travel: the transport, who is connected, what waits',
  example: 'status protocol',
  role: 'viewer',
  modifiers: ['detailed'],
  later: { modifiers: ['health', 'visual'], parameters: ['timeout'] },
  target: 'none',
  reads: true,
  params: z.object({}),
  result: transportSchema,
  run: async (context) => {
    const data = await transportOf(context);
    const { clients, requests, spooled } = data;
    return {
      message: `Commands travel over the unix socket ${data.address}; ${plural(clients, 'client')}, ${plural(requests, 'request')} being carried out, ${plural(spooled, 'message')} of agents waiting.`,
      data,
    };
  },
});
