import { z } from 'zod';
import { formatDuration } from '../../lib/duration.ts';
import { type RehearsalNumbers, rehearsalSchema } from '../../text/rehearsal-numbers.ts';
import { defineCommand } from '../define.ts';

const params = z.object({
  op: z.enum(['launch', 'stop']).default('launch'),
  instances: z.coerce.number().int().min(1).max(20).default(3),
  tasks: z.string().default('sample-spec').describe('sample-spec, or the path of a spec'),
  agent: z.string().default('rehearsal'),
  'failure-rate': z.coerce.number().min(0).max(1).default(0),
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
    const data = (await context.rehearse(argv)) as RehearsalNumbers;
    const { total, open, done, failed } = data.tasks;
    const message = `The test swarm did ${done} of ${open} open tasks in ${formatDuration(data.wall_ms)}, ${failed} failed (${total} in the plan); nothing of it is left.`;
    return failed > 0 && rest['failure-rate'] === 0 ? { message, data, exit: 1 } : { message, data };
  },
});
