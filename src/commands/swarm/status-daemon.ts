import { z } from 'zod';
import type { HealthReport } from '../../ports/reflective.ts';
import { healthReportSchema, healthTable, healthText } from '../../text/health-rows.ts';
import { agoText, timeIn } from '../../text/since-text.ts';
import { drawTable } from '../../text/table.ts';
import { defineCommand } from '../define.ts';

type Running = { readonly pid: number | null; readonly started_at: string | null; readonly seq: number };

const sentence = ({ pid, started_at, seq }: Running, now: string): string =>
  `The daemon runs as process ${pid}${started_at === null ? '' : `, started ${agoText(started_at, now)}`}, at event ${seq}.`;

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
    const message = sentence(data, context.now());
    if (!modifiers.includes('health')) return { message, data };
    const report = await context.health();
    return {
      message: `${message} ${healthText(report)}`,
      data: { ...data, health: report },
      ...(report.state === 'ok' ? {} : { exit: 1 }),
    };
  },
  draw: (data: Running & { health?: HealthReport }, view) =>
    data.health ? drawTable(healthTable(data.health), view) : sentence(data, timeIn(view)),
});
