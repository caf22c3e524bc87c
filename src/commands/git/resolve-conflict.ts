import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { valuesOf } from '../../lib/records.ts';
import { batchSchema } from '../../state/batches.ts';
import { conflictPlace, SIDES, type Side } from '../../state/conflict-records.ts';
import { dataOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { gatesFor } from '../../tasks/merge-gates.ts';
import { orderMerges } from '../../tasks/order/merge-order.ts';
import { graphOf } from '../../tasks/select.ts';
import { nextBatch } from '../../tasks/taken-work.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand, type Standing } from '../define.ts';
import { badParameter, nothingToDo, wrongState } from '../errors.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { flagParam, idsParam } from '../selection.ts';
import { batchOutcome } from './batch-outcome.ts';
import { assertNoneUnderWay } from './batches.ts';
import { chooseMerges } from './choose-merges.ts';
import { conflictMeant, recordOf } from './conflict-ways.ts';
import { giftOf, giveFacts, takerOf } from './give-conflict.ts';
import { type Conflict, conflictsOf } from './conflicts.ts';

const params = z.object({
  id: idsParam
    .optional()
    .describe('Conflicts as the list shows them, or their tasks; the default is all that batches met'),
  scope: z.literal('all').optional().describe('all that are in the way'),
  wait: flagParam.default(false).describe('Answer only when the batch is over'),
  agent: z
    .string()
    .optional()
    .describe('Who makes it fit on its branch: an instance, or one of this agent; then it is merged by itself'),
});
type Params = z.infer<typeof params>;

/** What each choice does with a place that nothing else resolves. */
const STANDS: Readonly<Record<Side | 'auto', string>> = {
  auto: 'rules and what the files are decide; what they leave open is set aside again',
  ours: 'where nothing else resolves it, what is merged already stands',
  theirs: 'where nothing else resolves it, what the branch has stands',
  union: 'where nothing else resolves it, the lines of both stand',
};

const LOSES: Readonly<Record<'ours' | 'theirs', string>> = {
  ours: 'the branches lose what they changed',
  theirs: 'what is merged already loses what it changed',
};

/** The side that was chosen; undefined for auto, which is also what is meant without a word. */
const sideIn = (modifiers: readonly string[]): Side | undefined => {
  const said = ['auto', ...SIDES].filter((word) => modifiers.includes(word));
  if (said.length > 1)
    throw badParameter({ command: 'resolve conflict', key: said.join(', '), issue: 'choose one of them' });
  return SIDES.find((side) => side === said[0]);
};

const isInTheWay = ({ kind, open }: Conflict): boolean => kind === 'merge' && open;

const requireOpen = (one: Conflict): Conflict => {
  if (isInTheWay(one)) return one;
  if (one.kind !== 'merge')
    throw wrongState({
      id: one.id,
      state: 'no conflict of a batch',
      wants: 'only a merge that was set aside can be resolved',
      hint: `Look at it: show conflict ${saidId(one.id)}`,
    });
  throw wrongState({
    id: one.id,
    state: one.merged_in === null ? 'over' : `merged in ${one.merged_in}`,
    wants: 'it is not in the way any more',
    hint: `Look at it: show task ${saidId(one.task!)}`,
  });
};

/** The conflicts that are meant; each is in the way of a merge. */
const meantIn = (state: State, { id }: Params): readonly Conflict[] => {
  const all = conflictsOf(state);
  const meant = id ? id.map((one) => requireOpen(conflictMeant(all, one))) : all.filter(isInTheWay);
  if (meant.length === 0)
    throw nothingToDo({ message: 'No conflict is in the way of a merge.', hint: 'Look at "list conflicts".' });
  return meant;
};

const placeText = (state: State, one: Conflict): string => {
  const record = recordOf(state, one);
  return `${one.task} ${record ? conflictPlace(record) : `in ${one.files.join(', ')}`}`;
};

/** The tasks of the conflicts, in the order in which a batch can merge them. */
const orderOf = ({ state, settings }: Standing, conflicts: readonly Conflict[]) => {
  const ids = [...new Set(conflicts.map(({ task }) => task!))];
  const choice = { ids, resolves: true, policy: settings.review };
  const tasks = chooseMerges(state, choice).map(({ id }) => id);
  return orderMerges(tasks, graphOf(Object.keys(state.tasks), state.tasks), new Map());
};

const gatesText = ({ settings, store }: Context, tasks: readonly string[]): string => {
  const count = gatesFor(
    settings,
    tasks.flatMap((id) => store.state.tasks[id] ?? []),
  ).length;
  if (count === 0) return 'No gate judges that: checks.merge is not set.';
  return `${plural(count, 'gate')} ${count === 1 ? 'judges' : 'judge'} that first.`;
};

/** The conflicts of a batch that may begin now, in its order. */
const mergesIn = (standing: Standing, said: Params) => {
  assertNoneUnderWay(standing.state);
  return orderOf(standing, meantIn(standing.state, said));
};

/** Begins a batch with the tasks of the conflicts; resolves with its number and its tasks. */
const beginBatch = async (context: Context, said: Params, side: Side | undefined) => {
  const target = context.settings.branches.integration;
  const factsOn =
    (base: string) =>
    (state: State): EventDraft[] => {
      const ordered = mergesIn({ state, settings: context.settings }, said);
      const data = { ...nextBatch(state, ordered), target, base_commit: base };
      const how = { strategy: context.settings.integration.method, resolves: true };
      return [{ type: 'batch.started', data: { ...data, ...how, ...(side === undefined ? {} : { side }) } }];
    };
  const facts = await context.atIntegration(async () => {
    const base = (await context.git.resolve(`refs/heads/${target}`)) ?? (await baseCommit(context));
    return context.decide(factsOn(base));
  });
  return dataOf(facts, 'batch.started')[0]!;
};

/** The instance that makes the work fit on its branch; refuses what goes only with a batch. */
const takerIn = (state: State, said: Params, agent: string, modifiers: readonly string[]): string => {
  const more = [...modifiers.filter((word) => word !== 'auto'), ...(said.wait ? ['wait'] : [])];
  if (more.length > 0)
    throw badParameter({
      command: 'resolve conflict',
      key: 'agent',
      issue: `an agent goes without ${more.join(', ')}`,
    });
  return takerOf(state, agent);
};

/** Refuses what state and settings tell against it. */
const refuseResolving = (standing: Standing, said: Params, modifiers: readonly string[]): void => {
  const { state } = standing;
  if (said.agent === undefined) {
    meantIn(state, said);
    mergesIn(standing, said);
    return;
  }
  const to = takerIn(state, said, said.agent, modifiers);
  for (const one of meantIn(state, said)) giftOf(state, one, to);
};

/** Has an agent make the work fit on its branch; it is merged by itself when that is verified. */
const giveConflicts = async (context: Context, said: Params, agent: string, modifiers: readonly string[]) => {
  const to = takerIn(context.store.state, said, agent, modifiers);
  await context.decide((state) => meantIn(state, said).flatMap((one) => giveFacts(state, one, to, context.actor.name)));
  const { state } = context.store;
  const given = valuesOf(state.tasks).filter(({ assignee, instruction }) => assignee === to && instruction?.merge);
  const batch = Object.values(state.batches).findLast(({ set_aside }) => set_aside.some(({ sent_back }) => sent_back))!;
  const ids = given.map(({ id }) => id).join(', ');
  return {
    message: `${ids} ${given.length === 1 ? 'goes' : 'go'} to ${to}, which makes it fit on its branch; when that is verified it is merged by itself.`,
    data: batch,
    hint: `How it goes: show task ${saidId(given[0]?.id ?? '')}`,
  };
};

export const resolveConflict = defineCommand({
  verb: 'resolve',
  noun: 'conflict',
  summary:
    'Merge what conflicted once more: as the rules say, or with a side that you choose where nothing else decides',
  example: 'resolve conflict t8 theirs',
  role: 'integrator',
  modifiers: ['auto', ...SIDES],
  target: 'optional',
  reads: false,
  effects: 'starts a batch with the tasks that conflicted; what comes out is judged by the gates like any other merge',
  params,
  result: batchSchema,
  loss: (state, said, modifiers) => {
    const side = sideIn(modifiers);
    if (said.id !== undefined || side === undefined || side === 'union') return undefined;
    const conflicts = meantIn(state, said);
    const places = conflicts.map((one) => placeText(state, one)).join('; ');
    return {
      targets: [...new Set(conflicts.map(({ task }) => task!))],
      loses: `This resolves ${plural(conflicts.length, 'conflict')} with ${side}: ${LOSES[side]} where they meet: ${places}.`,
    };
  },
  targets: (state, said) => meantIn(state, said).map(({ task }) => task!),
  refuses: refuseResolving,
  run: async (context, said, modifiers) => {
    const side = sideIn(modifiers);
    if (said.agent !== undefined) return giveConflicts(context, said, said.agent, modifiers);
    const places = meantIn(context.store.state, said).map((one) => placeText(context.store.state, one));
    const { id, tasks } = await beginBatch(context, said, side);
    if (said.wait) {
      const state = await context.store.until((now) => now.batches[id]?.state === 'finished', context.signal);
      return batchOutcome(state.batches[id]!);
    }
    const message = `${id} merges ${places.join('; ')}: ${STANDS[side ?? 'auto']}. ${gatesText(context, tasks)}`;
    return { message, data: context.store.state.batches[id]!, hint: `How it goes: show integration ${id}` };
  },
});
