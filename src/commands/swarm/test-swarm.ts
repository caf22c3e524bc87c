import { z } from 'zod';
import { defineCommand } from '../define.ts';

const params = z.object({
  op: z.enum(['launch', 'stop']).default('launch'),
  instances: z.coerce.number().int().min(1).max(20).default(3),
  tasks: z.string().default('sample-spec').describe('sample-spec, or the path of a spec'),
  agent: z.string().default('rehearsal'),
  'failure-rate': z.coerce.number().min(0).max(1).default(0),
});

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

export const testSwarm = defineCommand({
  verb: 'test',
  noun: 'swarm',
  summary: 'Run a plan with rehearsal agents in an isolated swarm that removes itself, and report',
  example: 'test swarm launch instances=3 tasks=sample-spec',
  role: 'operator',
  modifiers: [],
  target: 'none',
  reads: false,
  effects: 'builds a scratch swarm of its own and removes it',
  params,
  result: rehearsalSchema.nullable().describe('Nothing when it is about stop'),
  run: async (context, { op, instances, tasks, agent, ...rest }) => {
    if (op === 'stop') return { message: 'A test swarm ends by itself; none is left running.', data: null };
    const spec = tasks === 'sample-spec' ? [] : [tasks];
    const argv = [
      'rehearse',
      ...spec,
      '--instances',
      String(instances),
      '--agent',
      agent,
      '--fail-rate',
      String(rest['failure-rate']),
      '--json',
    ];
    const data = (await context.rehearse(argv)) as z.infer<typeof rehearsalSchema>;
    const { total, done, failed } = data.tasks;
    const message = `The test swarm did ${done} of ${total} tasks in ${data.wall_ms} ms, ${failed} failed; nothing of it is left.`;
    return failed > 0 && rest['failure-rate'] === 0 ? { message, data, exit: 1 } : { message, data };
  },
});
