import { z } from 'zod';
import type { ResourceUse } from '../ports/machine.ts';
import type { ResourceLimits } from '../state/cost-settings.ts';
import type { Instance } from '../state/instances.ts';
import { INSTANCE_LOOK } from './instance-rows.ts';
import type { Cell, Table } from './table.ts';

/** What the processes of an instance take, as `instances top` shows it. */
export const resourceRowSchema = z.object({
  instance_id: z.string(),
  state: z.string(),
  task: z.string().nullable(),
  cpu_percent: z
    .number()
    .nullable()
    .describe(
      'Since the look before, two seconds ago and up to eight where nothing happens, 100 being one core; null at the first look',
    ),
  cpu_average: z.number().nullable().describe('Over resources.cpu_ms; null until so much time was seen'),
  memory_mb: z.number().describe('What several processes share is counted at each of them'),
  processes: z.number().int(),
  at: z.string(),
});
export type ResourceRow = z.infer<typeof resourceRowSchema>;

export const resourceRow = (one: Instance, use: ResourceUse): ResourceRow => ({
  ...use,
  state: one.state.kind,
  task: one.task_assignments[0] ?? null,
});

/** What an instance has now, and may have at most. */
export const withResources = (
  one: Instance,
  uses: readonly ResourceUse[],
  { memory_mb, cpu_percent }: ResourceLimits,
): Instance => {
  const use = uses.find(({ instance_id }) => instance_id === one.instance_id);
  const resource_allocation = {
    ...one.resource_allocation,
    ...(use ? { memory_mb: use.memory_mb, processes: use.processes } : {}),
    ...(use && use.cpu_percent !== null ? { cpu_percent: use.cpu_percent } : {}),
    ...(memory_mb === undefined ? {} : { memory_limit_mb: memory_mb }),
    ...(cpu_percent === undefined ? {} : { cpu_limit_percent: cpu_percent }),
  };
  return { ...one, resource_allocation };
};

const percentCell = (percent: number | null): Cell => ({ text: percent === null ? '…' : `${percent.toFixed(1)}%` });

export const resourceTable = (rows: readonly ResourceRow[]): Table => ({
  head: ['instance', 'cpu', 'average', 'memory', 'processes', 'state', 'task'],
  rows: rows.map((row) => {
    const look = INSTANCE_LOOK[row.state as Instance['state']['kind']];
    return [
      { text: row.instance_id },
      percentCell(row.cpu_percent),
      percentCell(row.cpu_average),
      { text: `${row.memory_mb.toFixed(1)} MB` },
      { text: String(row.processes) },
      { text: `${look.glyph} ${row.state}`, tone: look.tone },
      { text: row.task ?? '-' },
    ];
  }),
  least: ['average', 'processes', 'task'],
  empty: 'No agent runs, or none was measured yet: that is done every two seconds.',
});
