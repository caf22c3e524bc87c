import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { detachClients, detachedSchema, sessionNamed, sessionsOf } from './session-rows.ts';

export const detachSession = defineCommand({
  verb: 'detach',
  noun: 'session',
  summary: 'Send everybody away who looks at a tmux session of the swarm; what runs in it goes on',
  example: 'detach session rehearsal-1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'ends the tmux clients that look at it; the agent goes on',
  params: z.object({
    id: idsParam.optional().describe('Instances, or names of their sessions'),
    scope: z.literal('all').optional().describe('all, every session of the swarm'),
  }),
  result: detachedSchema,
  run: async (context, { id }) => {
    const seats = await sessionsOf(context);
    return detachClients(context, id ? [...new Set(id.map((one) => sessionNamed(seats, one)))] : seats);
  },
});
