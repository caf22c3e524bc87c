import { z } from 'zod';
import { type Batch, batchSchema } from '../../state/batches.ts';
import { dataOf } from '../../state/facts.ts';
import type { State } from '../../state/index.ts';
import { mergedBy } from '../../tasks/taken-work.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand, type Loss } from '../define.ts';
import { changedMeanwhile, wrongState } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { assertNoneUnderWay, batchMeant } from './batches.ts';
import { branchesWith, keepingNotes } from './batch-standing.ts';
import { planRollback } from './rollback-plan.ts';

const params = z.object({
  id: idsParam.optional().describe('The batch'),
  scope: z.literal('last').optional().describe('last, the latest one that stands'),
});
type Params = z.infer<typeof params>;

const stands = (batch: Batch): boolean => batch.state !== 'rolled-back' && batch.merged.length > 0;

const STANDING = {
  isMeant: stands,
  none: 'can be taken back: each is taken back already, or merged nothing',
};

/** The batch that is to be taken back; refuses one that is not there to be taken back. */
const requireStanding = (state: State, { id }: Params): Batch => {
  assertNoneUnderWay(state);
  const batch = batchMeant(state, id, STANDING);
  if (stands(batch)) return batch;
  throw wrongState({
    id: batch.id,
    state: batch.state,
    wants: batch.merged.length === 0 ? 'it merged nothing that could be taken back' : 'it is taken back already',
    hint: `Look at it: show integration ${batch.id}`,
  });
};

/** How the batch is taken back, and what is asked about that. */
const questionOf = async (context: Context, params: Params) => {
  const { state } = context.store;
  const batch = requireStanding(state, params);
  const plan = await planRollback(context, batch);
  const { method, from, to, because, holding } = plan;
  const tasks = mergedBy(state, batch).map((task) => task.id);
  const branch =
    method === 'reset'
      ? `${batch.target} goes back to ${to.slice(0, 10)}, where it was before`
      : `a commit on ${batch.target} takes its ${plural(batch.merged.length, 'merge')} back, because ${because}`;
  const opened =
    tasks.length === 0
      ? 'None of its tasks is opened again.'
      : `${plural(tasks.length, 'task')} (${tasks.join(', ')}) will be open again and have to be done anew; the branches of what was done stay.`;
  const held = holding.length === 0 ? '' : ` Still with its work in them: ${holding.join(', ')}.`;
  const has = await branchesWith(context, batch);
  const kept =
    has.length === 0
      ? ''
      : ` ${has.join(', ')} ${has.length === 1 ? 'keeps' : 'keep'} it until what takes it back is delivered there.`;
  const loss: Loss = {
    targets: [batch.id],
    loses: `This takes ${batch.id} back: ${branch}. ${opened}${held}${kept}`,
    asOf: `${from} ${tasks.join(' ')}`,
  };
  return { batch, plan, loss };
};

export const rollbackIntegration = defineCommand({
  verb: 'rollback',
  noun: 'integration',
  summary: 'Take a batch back: the branch is as it was before, its tasks are open again, their branches stay',
  example: 'rollback integration batch-5',
  role: 'integrator',
  modifiers: [],
  target: 'required',
  one: 'batch',
  reads: false,
  effects:
    'moves the integration branch back, or, where others came after or have seen it, puts a commit on it that takes the merges back; opens the tasks again',
  params,
  result: batchSchema,
  asks: async (context, said) => (await questionOf(context, said)).loss,
  foresees: () => 'asks',
  refuses: ({ state }, said) => void requireStanding(state, said),
  targets: (state, said) => [batchMeant(state, said.id, STANDING).id],
  run: async (context, said, _modifiers, asked) => {
    let tasks: readonly string[] = [];
    const facts = await context.atIntegration(async () => {
      const { batch: meant, plan, loss } = await questionOf(context, said);
      if (asked && asked.asOf !== loss.asOf) throw changedMeanwhile({ what: meant.target });
      const { method, from, to } = plan;
      return context.decide((state) => {
        tasks = mergedBy(state, requireStanding(state, { id: [meant.id] })).map((task) => task.id);
        return [{ type: 'batch.rollback_started', data: { id: meant.id, method, from_commit: from, to_commit: to } }];
      });
    });
    const { id, to_commit } = dataOf(facts, 'batch.rollback_started')[0]!;
    const state = await context.store.until((now) => now.batches[id]?.state !== 'rolling-back', context.signal);
    const batch = state.batches[id]!;
    if (batch.state !== 'rolled-back')
      return { message: `${id} stands: ${batch.rollback?.problem ?? 'it was not taken back'}.`, data: batch, exit: 6 };
    const open = tasks.filter((task) => state.tasks[task]?.state === 'open');
    const notes = (await keepingNotes(context, batch)).map((note) => `${note}.`);
    return {
      message: [`${id} is taken back; open again: ${open.join(', ') || 'no task'}.`, ...notes].join(' '),
      data: batch,
      sideEffects: [`${batch.target} moved to ${to_commit.slice(0, 10)}`],
    };
  },
});
