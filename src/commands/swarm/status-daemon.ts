import { z } from 'zod';
import type { HealthReport } from '../../ports/reflective.ts';
import { healthReportSchema, healthTable, healthText } from '../../text/health-rows.ts';
import { drawTable } from '../../text/table.ts';
import { defineCommand } from '../define.ts';

export const statusDaemon = defineCommand({
  verb: 'status',
  noun: 'daemon',
  summary: 'The daemon of this repository: process id, version, socket, since when; with health, how its parts are',
  example: 'status daemon',
  role: 'viewer',
  modifiers: ['health'],
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
    health: healthReportSchema.optional().describe('With health: how its parts are'),
  }),
  run: async (context, _params, modifiers) => {
    const { paths, version, processesStarted } = context;
    const { state } = context.store;
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
    const message = `The daemon runs as process ${data.pid} since ${data.started_at}, at event ${data.seq}.`;
    if (!modifiers.includes('health')) return { message, data };
    const report = await context.health();
    return {
      message: `${message} ${healthText(report)}`,
      data: { ...data, health: report },
      ...(report.state === 'ok' ? {} : { exit: 1 }),
    };
  },
  draw: (data: { health?: HealthReport; pid: number | null; started_at: string | null; seq: number }, view) =>
    data.health
      ? drawTable(healthTable(data.health), view)
      : `The daemon runs as process ${data.pid} since ${data.started_at}, at event ${data.seq}.`,
});
