import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import { type Batch, batchSchema } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { nothingToDo, wrongState } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { batchMeant } from './batches.ts';

const isRunning = (batch: Batch): boolean => batch.state === 'running';

/** The batch that is to be cancelled, which has to run. */
const requireRunning = (state: State, ids: readonly string[] | undefined): Batch => {
  const batches = valuesOf(state.batches);
  if (ids === undefined && batches.length > 0 && !batches.some(isRunning))
    throw nothingToDo({ message: 'No batch runs.', hint: 'Look at the last one: show integration last' });
  const batch = batchMeant(state, ids, { isMeant: isRunning, none: 'is under way' });
  if (isRunning(batch)) return batch;
  throw wrongState({
    id: batch.id,
    state: batch.state,
    wants: 'only a batch that runs can be cancelled',
    hint: `To take back what it merged: rollback integration ${batch.id}`,
  });
};

export const cancelIntegration = defineCommand({
  verb: 'cancel',
  noun: 'integration',
  summary: 'Stop a batch midway: what it has merged stays, what is left waits for another one',
  example: 'cancel integration batch-3',
  role: 'integrator',
  modifiers: [],
  target: 'optional',
  one: 'batch',
  reads: false,
  effects:
    'ends the gate that runs and sets the rest of the batch aside; the branch stays at the last merge that was published',
  params: z.object({
    id: idsParam.optional().describe('The batch; the default is the one that runs'),
    scope: z.literal('last').optional().describe('last: the one that runs, as without it'),
  }),
  result: batchSchema,
  refuses: ({ state }, { id }) => void requireRunning(state, id),
  run: async (context, { id }) => {
    const { id: batchId } = requireRunning(context.store.state, id);
    await context.decide((state) => {
      const batch = requireRunning(state, [batchId]);
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
