import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { flagParam } from '../selection.ts';

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
  params: z.object({
    again: flagParam.default(false).describe('Whoever watches over the daemon, systemd for instance, starts it again'),
  }),
  result: z.object({ pid: z.number().int().nullable() }),
  run: async (context, { again }) => {
    const comesBack = context.shutDown(again);
    return {
      message: comesBack
        ? 'The daemon ends, and whoever watches over it starts it again; the agents go on.'
        : 'The daemon ends; the agents go on.',
      data: { pid: context.store.state.swarm.daemon?.pid ?? null },
      sideEffects: ['daemon stopped'],
    };
  },
});
