import { z } from 'zod';
import { type Batch, batchSchema } from '../../state/batches.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

export const listIntegration = defineCommand({
  verb: 'list',
  noun: 'integration',
  summary: 'List the batches',
  example: 'list batches',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'optional',
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.array(batchSchema),
  run: async ({ store: { state } }) => ({
    message: plural(Object.keys(state.batches).length, 'batch'),
    data: Object.values(state.batches),
  }),
  draw: (data: readonly Batch[], view) =>
    drawTable(
      {
        head: ['batch', 'state', 'merged', 'set aside', 'branch', 'commit'],
        rows: data.map((batch) => [
          { text: batch.id },
          { text: batch.state },
          { text: String(batch.merged.length), tone: 'good' },
          { text: batch.set_aside.map((one) => `${one.task} (${one.reason})`).join(' '), tone: 'bad' },
          { text: batch.target },
          { text: batch.head_commit.slice(0, 10), tone: 'dim' },
        ]),
        empty: 'No batch.',
        next: [['Merge what is done', 'merge completed branches']],
      },
      view,
    ),
});
