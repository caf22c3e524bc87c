import { z } from 'zod';
import { type ResourceRow, resourceRow, resourceRowSchema, resourceTable } from '../../text/resource-rows.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { instanceParams, selectInstances } from '../selection.ts';

export const topInstance = defineCommand({
  verb: 'top',
  noun: 'instance',
  summary: 'Processor time and memory of each living agent with all that it started, the busiest first',
  example: 'top instances',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  refreshMs: 2000,
  params: z.object({ ...instanceParams, limit: z.coerce.number().int().min(1).optional() }),
  result: z.array(resourceRowSchema),
  run: async ({ store: { state }, resources }, { limit, ...targets }) => {
    const uses = new Map(resources().map((use) => [use.instance_id, use]));
    const data = selectInstances(state, targets)
      .flatMap((one) => {
        const use = uses.get(one.instance_id);
        return use ? [resourceRow(one, use)] : [];
      })
      .toSorted((a, b) => (b.cpu_percent ?? 0) - (a.cpu_percent ?? 0) || b.memory_mb - a.memory_mb)
      .slice(0, limit);
    return { message: `${plural(data.length, 'instance')} measured.`, data };
  },
  draw: (data: readonly ResourceRow[], view) => drawTable(resourceTable(data), view),
});
