import { z } from 'zod';
import { shown, withoutControls } from '../../lib/text.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { instanceParams, selectInstances } from '../selection.ts';

/** Bytes at the end of a log in which its last line is looked for: more than any line of a terminal. */
const TAIL_BYTES = 8192;
/**
 * Bytes at the end of each log that are searched (what `show log` reads as well), and matching lines that are answered,
 * the latest ones.
 */
const SEARCHED_BYTES = 1 << 20;
const MOST_FOUND = 500;

const rowSchema = z.object({
  instance: z.string(),
  folder: z.string().describe('Where everything lies that its terminal showed'),
  last: z.string().describe('The last line, as text'),
  found: z
    .array(z.string())
    .describe('The lines with the text that was looked for, the latest ones of the last megabyte'),
});
type Row = z.infer<typeof rowSchema>;

export const listLog = defineCommand({
  verb: 'list',
  noun: 'log',
  summary: 'List the logs of the agents with the last line of each, or search them for a text',
  example: 'list logs grep="error"',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object({
    ...instanceParams,
    limit: z.coerce.number().int().min(1).optional(),
    grep: z.coerce.string().optional().describe('Only lines with this text, in whichever case'),
  }),
  result: z.array(rowSchema),
  run: async ({ store: { state }, paths, readLog }, { limit, grep, ...targets }) => {
    const chosen = selectInstances(state, targets).slice(0, limit);
    const wanted = grep?.toLowerCase();
    const data = await Promise.all(
      chosen.map(async ({ instance_id: instance }): Promise<Row> => {
        const text = await readLog(instance, wanted === undefined ? TAIL_BYTES : SEARCHED_BYTES).catch(() => '');
        const lines = text.trimEnd().split('\n');
        const found = wanted === undefined ? [] : lines.filter((line) => line.toLowerCase().includes(wanted));
        return {
          instance,
          folder: `${paths.logs}/${instance}`,
          last: lines.at(-1)!,
          found: found.slice(-MOST_FOUND),
        };
      }),
    );
    const count = data.reduce((sum, { found }) => sum + found.length, 0);
    const where = wanted === undefined ? '' : `, ${plural(count, 'line')} with “${grep}”`;
    return { message: `${plural(data.length, 'log')}${where}.`, data };
  },
  draw: (data: readonly Row[], view) => {
    const lines = data.flatMap(({ instance, found }) => found.map((line) => `${instance}: ${line}`));
    return lines.length > 0 ? shown(withoutControls(lines.join('\n'))) : drawLogs(data, view);
  },
});

const drawLogs = (data: readonly Row[], view: Parameters<typeof drawTable>[1]): string =>
  drawTable(
    {
      head: ['instance', 'last line', 'folder'],
      rows: data.map((row) => [{ text: row.instance }, { text: row.last }, { text: row.folder, tone: 'dim' }]),
      empty: 'No log. Agents that are launched have one each.',
    },
    view,
  );
