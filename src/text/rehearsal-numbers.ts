import { z } from 'zod';

const ms = z.number().describe('Milliseconds');
const count = z.number().int();

/** Numbers of a rehearsal: what `drover rehearse --json` prints. */
export const rehearsalSchema = z.object({
  spec: z.string(),
  policy: z.string(),
  barrier: z.boolean(),
  edges: count.describe('Dependencies'),
  tasks: z.object({ total: count, open: count.describe('What there was to do'), done: count, failed: count }),
  waves: z.array(count).readonly().describe('How many tasks can run side by side, round after round'),
  instances: count,
  launch_ms: ms,
  wall_ms: ms.describe('From the word to run to the last task that ended'),
  critical_path_ms: ms.describe('The longest chain'),
  sequential_ms: ms.describe('All runs one after the other'),
  bound_ms: ms.describe('The shortest that any order of handing out takes'),
  speedup: z.number(),
  merge_ms: ms,
  batch: z
    .object({
      id: z.string(),
      merged: count,
      conflicted: count,
      set_aside: count.describe('With those in conflict, and those whose gate failed'),
      gate: z.enum(['passed', 'failed', 'none']),
    })
    .nullable(),
  failures: z.array(z.object({ task: z.string(), class: z.string(), message: z.string() })).readonly(),
  events: count,
  dir: z.string().optional().describe('With keep: where everything is'),
});
export type RehearsalNumbers = z.infer<typeof rehearsalSchema>;
