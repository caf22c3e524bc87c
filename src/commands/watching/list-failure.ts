import { z } from 'zod';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { type Failure, failureSchema, failuresOf } from './failures.ts';
import { beginHint } from './journal-begin.ts';

export const listFailure = defineCommand({
  verb: 'list',
  noun: 'failure',
  summary: 'List what failed: runs with class and task, and instances that crashed or were lost',
  example: 'list failures',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'optional',
  reads: true,
  params: z.object({
    state: z
      .union([z.literal('open'), z.tuple([z.literal('open')])])
      .optional()
      .describe('open, those that nothing has mended yet'),
    limit: z.coerce.number().int().min(1).optional().describe('Only the latest ones'),
  }),
  result: z.array(failureSchema),
  run: async (context, { state, limit }) => {
    const { failures, begin } = await failuresOf(context);
    const found = failures.filter((one) => state === undefined || one.open);
    const data = limit === undefined ? found : found.slice(-limit);
    const hint = data.length < found.length ? undefined : beginHint(begin);
    const message = `${plural(found.length, 'failure')}, ${found.filter((one) => one.open).length} open.`;
    return { message, data, ...(hint === undefined ? {} : { hint }) };
  },
  draw: (data: readonly Failure[], view) =>
    drawTable(
      {
        head: ['failure', 'class', 'task', 'instance', 'when', 'what'],
        rows: data.map((one) => [
          { text: one.id, tone: 'dim' },
          { text: one.class, tone: one.open ? 'bad' : 'dim' },
          { text: one.task === null ? '-' : `${one.task}${one.attempt === null ? '' : ` (attempt ${one.attempt})`}` },
          { text: one.instance ?? '-' },
          { text: one.at, tone: 'dim' },
          { text: one.message },
        ]),
        details: data.map((one) => [
          ['what', one.message],
          ['when', one.at],
          ['state', one.open ? 'open' : 'over'],
        ]),
        empty: 'Nothing failed.',
      },
      view,
    ),
});
