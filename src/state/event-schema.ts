import { z } from 'zod';
import { eventSchemas } from './model.ts';

const envelope = {
  seq: z.number().int().describe('Number in the journal, from 1 without gaps'),
  at: z.string().describe('ISO 8601, UTC'),
  corr: z.string().describe('What belongs together: the command that caused it'),
  actor: z.string().describe('cli, tui, daemon, or an instance'),
};

/** An event as `events list`, `events follow` and the journal show it. */
export const eventSchema = z.union(
  Object.entries(eventSchemas).map(([type, data]) => z.object({ ...envelope, type: z.literal(type), data })),
);
