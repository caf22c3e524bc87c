import { z } from 'zod';
import { defineCommand } from '../define.ts';

export const statusDaemon = defineCommand({
  verb: 'status',
  noun: 'daemon',
  summary: 'The daemon of this repository: process id, version, socket, since when',
  example: 'status daemon',
  role: 'viewer',
  modifiers: [],
  target: 'none',
  reads: true,
  params: z.object({}),
  result: z.object({
    running: z.boolean(),
    pid: z.number().int().nullable(),
    version: z.string(),
    started_at: z.string().nullable(),
    socket: z.string(),
    state: z.string().describe('The folder that holds everything known'),
    seq: z.number().int().describe('The latest event'),
    processes_started: z.number().int(),
  }),
  run: async ({ store: { state }, paths, version, processesStarted }) => {
    const daemon = state.swarm.daemon;
    const data = {
      running: true,
      pid: daemon?.pid ?? null,
      version,
      started_at: daemon?.started_at ?? null,
      socket: paths.socket,
      state: paths.state,
      seq: state.seq,
      processes_started: processesStarted(),
    };
    return { message: `The daemon runs as process ${data.pid} since ${data.started_at}, at event ${data.seq}.`, data };
  },
});
