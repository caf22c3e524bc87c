import { z } from 'zod';
import { notFound } from './errors.ts';
import { idsParam } from './selection.ts';
import { defineCommand } from './define.ts';

export const showIntegration = defineCommand({
  verb: 'show',
  noun: 'integration',
  summary: 'What a batch merged, in order, and what it set aside and why',
  example: 'show integration batch-1',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'required',
  params: z.object({ id: idsParam.optional(), scope: z.string().optional() }),
  run: async ({ store: { state } }, { id }) => {
    const known = Object.keys(state.batches);
    const batch = state.batches[id?.[0] ?? known.at(-1) ?? ''];
    if (!batch) throw notFound({ noun: 'batch', id: id?.[0] ?? 'last', known });
    const merged = batch.merged.map((one) => `merged     ${one.task}  ${one.branch}  ${one.commit.slice(0, 10)}`);
    const aside = batch.set_aside.map((one) => `set aside  ${one.task}  ${one.reason}: ${one.message}`);
    return { message: [`${batch.id} ${batch.state} on ${batch.target}`, ...merged, ...aside].join('\n'), data: batch };
  },
});
