import { z } from 'zod';
import { shownLine } from '../../lib/text.ts';
import type { Batch } from '../../state/batches.ts';
import { type BatchRow, batchRowSchema, withWhy } from '../../text/batch-why.ts';
import { type Cell, drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { standingOf } from './batch-standing.ts';

/** Which branch of a person a batch brought forward, and from where; the column of commits says to where. */
const deliveredCell = ({ delivery }: Batch): Cell => {
  if (delivery === null) return { text: '' };
  const { branch, state, from_commit: from } = delivery;
  if (state !== 'delivered') return { text: `${branch} (${state})`, ...(state === 'refused' ? { tone: 'bad' } : {}) };
  return { text: from === null ? branch : `${branch} from ${from.slice(0, 10)}`, tone: 'good' };
};

export const listIntegration = defineCommand({
  verb: 'list',
  noun: 'integration',
  summary: 'List the batches, with why one came to less than it set out to',
  example: 'list batches',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'optional',
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.array(batchRowSchema),
  run: async (context) => {
    const batches = Object.values(context.store.state.batches);
    const rows = batches.map(async (batch) => withWhy(batch, await standingOf(context, batch)));
    return { message: plural(batches.length, 'batch'), data: await Promise.all(rows) };
  },
  draw: (data: readonly BatchRow[], view) => {
    const isDelivered = data.some(({ delivery }) => delivery !== null);
    const table = drawTable(
      {
        head: ['batch', 'state', 'merged', 'set aside', 'branch', 'commit', ...(isDelivered ? ['delivered'] : [])],
        rows: data.map((batch) => [
          { text: batch.id },
          { text: batch.state },
          // Where there was nothing to merge the batch only brought a branch forward.
          batch.tasks.length === 0 ? { text: '–', tone: 'dim' } : { text: String(batch.merged.length), tone: 'good' },
          { text: batch.set_aside.map((one) => `${one.task} (${one.reason})`).join(' '), tone: 'bad' },
          { text: batch.target },
          { text: batch.head_commit.slice(0, 10), tone: 'dim' },
          ...(isDelivered ? [deliveredCell(batch)] : []),
        ]),
        empty: 'No batch.',
        next: [['Merge what is done', 'merge completed branches']],
      },
      view,
    );
    // A reason is never cut: what it names may stand at its end.
    const reasons = data.flatMap(({ id, why }) => (why === null ? [] : [shownLine(`${id}: ${why}`)]));
    return [table, ...(reasons.length === 0 ? [] : ['', ...reasons])].join('\n');
  },
});
