import { z } from 'zod';
import { defineCommand } from './define.ts';
import { instanceParams, selectInstances } from './selection.ts';
import { drawTable } from './table.ts';
import { plural } from './wording.ts';

const TAIL_BYTES = 8192;

const rowSchema = z.object({
  instance: z.string(),
  folder: z.string().describe('Where everything lies that its terminal showed'),
  last: z.string().describe('The last line, as text'),
});
type Row = z.infer<typeof rowSchema>;

export const listLog = defineCommand({
  verb: 'list',
  noun: 'log',
  summary: 'List the logs of the agents with the last line of each',
  example: 'list logs',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object({ ...instanceParams, limit: z.coerce.number().int().min(1).optional() }),
  result: z.array(rowSchema),
  run: async ({ store: { state }, paths, readLog }, { limit, ...targets }) => {
    const found = selectInstances(state, targets).slice(0, limit);
    const data = await Promise.all(
      found.map(async ({ instance_id: instance }): Promise<Row> => {
        const text = await readLog(instance, TAIL_BYTES).catch(() => '');
        return { instance, folder: `${paths.logs}/${instance}`, last: text.trimEnd().split('\n').at(-1)! };
      }),
    );
    return { message: `${plural(data.length, 'log')}.`, data };
  },
  draw: (data: readonly Row[], view) =>
    drawTable(
      {
        head: ['instance', 'last line', 'folder'],
        rows: data.map((row) => [{ text: row.instance }, { text: row.last }, { text: row.folder, tone: 'dim' }]),
        empty: 'No log. Agents that are launched have one each.',
      },
      view,
    ),
});
