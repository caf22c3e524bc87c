import { z } from 'zod';
import type { Context } from '../define.ts';

export const transportSchema = z.object({
  protocol: z.string().describe('Its name'),
  title: z.string().describe('What it is, in two or three words'),
  summary: z.string().describe('What it is, in a sentence'),
  address: z.string().nullable().describe('Where the daemon listens; null where it is not in use'),
  in_use: z.boolean(),
  clients: z.number().int().describe('Open connections, this one included'),
  followers: z.number().int().describe('Those that follow every event, screens above all'),
  requests: z.number().int().describe('Being carried out, this one included'),
  waiting_bytes: z.number().int().describe('What clients have not read yet'),
  spooled: z.number().int().describe('Messages of agents that are not read yet'),
  spool: z.string().describe('The folder in which each agent has one where it leaves them'),
});
export type Transport = z.infer<typeof transportSchema>;

/** Every transport that the daemon knows, those in use first. */
export const transportsOf = async ({
  paths,
  traffic,
}: Pick<Context, 'paths' | 'traffic'>): Promise<readonly Transport[]> => {
  const { doors, spooled } = await traffic();
  return doors
    .map((door) => ({ ...door, spooled, spool: paths.spool }))
    .toSorted((one, other) => Number(other.in_use) - Number(one.in_use));
};
