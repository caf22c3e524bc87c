import { z } from 'zod';
import { specSchema } from '../../state/specs.ts';
import { tasksOf } from '../../tasks/select.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { PROGRESS_HEAD, progressCells, progressRow, progressSchema } from './spec-progress.ts';

const rowSchema = specSchema.extend({ progress: progressSchema });
type Row = z.infer<typeof rowSchema>;

export const listSpec = defineCommand({
  verb: 'list',
  noun: 'spec',
  summary: 'List the plans that were imported, and how far they are',
  example: 'list specs',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'optional',
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.array(rowSchema),
  run: async (context) => {
    const { specs, tasks } = context.store.state;
    return {
      message: plural(Object.keys(specs).length, 'spec'),
      data: Object.values(specs).map((spec) => ({ ...spec, progress: progressRow(context, tasksOf(spec, tasks)) })),
    };
  },
  draw: (data: readonly Row[], view) =>
    drawTable(
      {
        head: ['spec', ...PROGRESS_HEAD, 'policy', 'barrier', 'file'],
        rows: data.map((spec) => [
          { text: spec.name },
          ...progressCells(spec.progress),
          { text: spec.policy },
          { text: spec.barrier ? 'yes' : 'no' },
          { text: spec.source, tone: 'dim' },
        ]),
        empty: 'No spec.',
        next: [['Import one', 'import spec PATH']],
      },
      view,
    ),
});
