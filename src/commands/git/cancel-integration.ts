import { z } from 'zod';
import { batchSchema } from '../../state/batches.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { batchMeant } from './batches.ts';

export const cancelIntegration = defineCommand({
  verb: 'cancel',
  noun: 'integration',
  summary: 'Stop a batch midway: what it has merged stays, what is left waits for another one',
  example: 'cancel integration batch-3',
  role: 'integrator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects:
    'ends the gate that runs and sets the rest of the batch aside; the branch stays at the last merge that was published',
  params: z.object({
    id: idsParam.optional().describe('The batch; without any, the one that runs'),
    scope: z.literal('last').optional().describe('last, the latest one'),
  }),
  result: batchSchema,
  run: async (context, { id }) => {
    const { id: batchId } = batchMeant(context.store.state, id, (one) => one.state === 'running');
    await context.decide((state) => {
      const batch = state.batches[batchId]!;
      if (batch.state !== 'running')
        throw wrongState({
          id: batchId,
          state: batch.state,
          wants: 'only a batch that runs can be cancelled',
          hint: `To take back what it merged: rollback integration ${batchId}`,
        });
      return batch.cancelled === null
        ? [{ type: 'batch.cancelled', data: { id: batchId, by: context.actor.name } }]
        : [];
    });
    const state = await context.store.until((now) => now.batches[batchId]?.state === 'finished', context.signal);
    const batch = state.batches[batchId]!;
    const left = batch.set_aside.filter(({ reason }) => reason === 'stopped').length;
    return {
      message: `${batchId} was cancelled: ${plural(batch.merged.length, 'branch')} merged, ${left} left for another batch.`,
      data: batch,
    };
  },
});
