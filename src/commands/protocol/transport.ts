import { z } from 'zod';
import type { Context } from '../define.ts';

export const transportSchema = z.object({
  protocol: z.literal('unix').describe('A socket that only its owner may open; one readable line in, JSON out'),
  address: z.string(),
  in_use: z.boolean(),
  clients: z.number().int().describe('Open connections, this one included'),
  followers: z.number().int().describe('Those that follow every event, screens above all'),
  requests: z.number().int().describe('Being carried out, this one included'),
  waiting_bytes: z.number().int().describe('What clients have not read yet'),
  spooled: z.number().int().describe('Messages of agents that are not read yet'),
  spool: z.string().describe('The folder where agents leave them'),
});

/** The one transport there is. */
export const transportOf = async ({
  paths,
  traffic,
}: Pick<Context, 'paths' | 'traffic'>): Promise<z.infer<typeof transportSchema>> => ({
  protocol: 'unix',
  address: paths.socket,
  in_use: true,
  ...(await traffic()),
  spool: paths.spool,
});
