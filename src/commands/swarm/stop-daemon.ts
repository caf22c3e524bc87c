import { z } from 'zod';
import { defineCommand } from '../define.ts';

export const stopDaemon = defineCommand({
  verb: 'stop',
  noun: 'daemon',
  summary: 'End the daemon; the agents go on, and the next command starts it again',
  example: 'stop daemon',
  role: 'operator',
  modifiers: [],
  target: 'none',
  reads: false,
  effects: 'ends the daemon; the agents go on',
  params: z.object({}),
  result: z.object({ pid: z.number().int().nullable() }),
  run: async (context) => {
    context.shutDown();
    return {
      message: 'The daemon ends; the agents go on.',
      data: { pid: context.store.state.swarm.daemon?.pid ?? null },
      sideEffects: ['daemon stopped'],
    };
  },
});
