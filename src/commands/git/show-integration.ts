import { z } from 'zod';
import { batchSchema } from '../../state/batches.ts';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam, lookUp, requireOne } from '../selection.ts';

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
    const last = Object.keys(state.batches).at(-1);
    if (id === undefined && last === undefined) throw notFound({ noun: 'batch', id: 'last', known: [] });
    const batch = lookUp(state.batches, id === undefined ? last! : requireOne(id, 'batch'), 'batch');
    const merged = batch.merged.map((one) => `merged     ${one.task}  ${one.branch}  ${one.commit.slice(0, 10)}`);
    const aside = batch.set_aside.map((one) => `set aside  ${one.task}  ${one.reason}: ${one.message}`);
    return { message: [`${batch.id} ${batch.state} on ${batch.target}`, ...merged, ...aside].join('\n'), data: batch };
  },
});
