import { z } from 'zod';
import { shown, withoutControls } from '../../lib/text.ts';
import type { TimedLine } from '../../ports/target.ts';
import type { State } from '../../state/index.ts';
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
  last: z.string().describe('The last line with a word, as text'),
  found: z
    .array(z.string())
    .describe('The lines with the text that was looked for, the latest ones of the last megabyte'),
  about: z
    .array(
      z.object({
        task: z.string().nullable(),
        since: z.string().nullable(),
        after: z.string().nullable().describe('After when it was printed; null where that was not noted'),
        by: z
          .string()
          .nullable()
          .describe(
            'By when it was printed: some seconds later while a daemon was there, else longer; null where that was not noted',
          ),
      }),
    )
    .describe(
      'For each of them the task that was given last before it, since when that was done, and between which times it was printed',
    ),
});
type Row = z.infer<typeof rowSchema>;

/** What a task is given to an agent by, as its terminal shows it. */
const GIVEN = /\bTask (?<id>[^\s:]+): read /u;

type Hit = { readonly line: string; readonly about: Row['about'][number] };

/** The lines with a text, each with the task that its agent had then. */
const hitsIn = (lines: readonly TimedLine[], wanted: string, instance: string, { tasks }: State): readonly Hit[] => {
  let given: Pick<Hit['about'], 'task' | 'since'> = { task: null, since: null };
  const hits: Hit[] = [];
  for (const { text: line, after, by } of lines) {
    const task = tasks[GIVEN.exec(line)?.groups?.['id'] ?? ''];
    const run = [...(task?.history ?? []), ...(task?.run ? [task.run] : [])].findLast(
      (one) => one.instance === instance,
    );
    if (task && run) given = { task: task.id, since: run.started_at };
    if (line.toLowerCase().includes(wanted)) hits.push({ line, about: { ...given, after, by } });
  }
  return hits.slice(-MOST_FOUND);
};

/** The last line with a word: the mark of a prompt that waits for one tells nothing. */
const lastWords = (lines: readonly TimedLine[]): string =>
  lines.findLast(({ text }) => /[\p{L}\p{N}]/u.test(withoutControls(text)))?.text.trimEnd() ?? '';

const countText = (data: readonly Row[]): string => plural(data.length, 'log');

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
  refuses: ({ state }, targets) => void selectInstances(state, targets),
  run: async (context, { limit, grep, ...targets }) => {
    const { store, paths } = context;
    const { state } = store;
    const chosen = selectInstances(state, targets).slice(0, limit);
    const wanted = grep?.toLowerCase();
    const data = await Promise.all(
      chosen.map(async ({ instance_id: instance }): Promise<Row> => {
        const lines = await (wanted === undefined
          ? context
              .readLog(instance, TAIL_BYTES)
              .then((text) => text.split('\n').map((line): TimedLine => ({ text: line, after: null, by: null })))
          : context.readTimedLog(instance, SEARCHED_BYTES)
        ).catch(() => []);
        const hits = wanted === undefined ? [] : hitsIn(lines, wanted, instance, state);
        return {
          instance,
          folder: `${paths.logs}/${instance}`,
          last: lastWords(lines),
          found: hits.map(({ line }) => line),
          about: hits.map((hit) => hit.about),
        };
      }),
    );
    const count = data.reduce((sum, { found }) => sum + found.length, 0);
    const where = wanted === undefined ? '' : `, ${plural(count, 'line')} with “${grep}”`;
    return { message: `${countText(data)}${where}.`, data };
  },
  draw: (data: readonly Row[], view, message) => {
    const lines = data.flatMap(({ instance, found, about }) =>
      found.map((line, i) => `${instance}${about[i]?.task ? ` ${about[i].task}` : ''}: ${line}`),
    );
    if (lines.length > 0) return shown(withoutControls(lines.join('\n')));
    // A table of all logs would look as if each of them had what was looked for.
    const isSearched = data.length > 0 && message !== `${countText(data)}.`;
    return isSearched ? shown(withoutControls(message)) : drawLogs(data, view);
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
