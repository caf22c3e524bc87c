import { z } from 'zod';
import { type Batch, batchSchema } from '../../state/batches.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { batchMeant } from './batches.ts';

/** What became of taking it back, where that was asked for. */
const rollbackText = ({ rollback, target }: Batch): string[] => {
  if (rollback === null) return [];
  if (rollback.problem !== null) return [`not rolled back: ${rollback.problem}`];
  const how = rollback.method === 'reset' ? 'went back to' : 'has on top';
  return [`rolled back  ${target} ${how} ${rollback.to_commit.slice(0, 10)}`];
};

export const showIntegration = defineCommand({
  verb: 'show',
  noun: 'integration',
  summary: 'What a batch merged, in order, and what it set aside and why',
  example: 'show integration batch-1',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'required',
  params: z.object({ id: idsParam.optional(), scope: z.literal('last').optional().describe('last, the latest one') }),
  result: batchSchema,
  run: async ({ store: { state } }, { id }) => {
    const batch = batchMeant(state, id);
    const merged = batch.merged.map((one) => `merged     ${one.task}  ${one.branch}  ${one.commit.slice(0, 10)}`);
    const aside = batch.set_aside.map((one) => `set aside  ${one.task}  ${one.reason}: ${one.message}`);
    const back = rollbackText(batch);
    const lines = [`${batch.id} ${batch.state} on ${batch.target}`, ...merged, ...aside, ...back];
    return { message: lines.join('\n'), data: batch };
  },
});
