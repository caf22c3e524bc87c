import { z } from 'zod';
import { someOf } from '../../lib/names.ts';
import { valuesOf } from '../../lib/records.ts';
import { type Batch, batchSchema, type MergeStrategy } from '../../state/batches.ts';
import { clashWithMerged } from '../../state/conflicts.ts';
import { dataOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { standingConflict } from '../../tasks/mergeable.ts';
import { type OrderedMerge, orderMerges } from '../../tasks/order/merge-order.ts';
import { graphOf } from '../../tasks/select.ts';
import { nextBatch } from '../../tasks/taken-work.ts';
import { sideText } from '../../text/conflict-text.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand, type Outcome, type Standing } from '../define.ts';
import { badParameter } from '../errors.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { idsParam, requireOne } from '../selection.ts';
import { batchOutcome } from './batch-outcome.ts';
import { assertNoneUnderWay } from './batches.ts';
import {
  alongTexts,
  type Choice,
  chooseMerges,
  discardedTexts,
  foretoldAlongTexts,
  nothingToMerge,
} from './choose-merges.ts';
import { deliveryLoss, deliveryPreview, type Place } from './delivery-question.ts';
import { laterCommitsTexts } from './later-commits.ts';
import { withUntickedPlans } from './unticked-plans.ts';

const params = z.object({
  id: idsParam.optional().describe('Branches or tasks; the default is all that are verified'),
  scope: z.literal('all').optional().describe('all that are verified'),
  state: idsParam.optional().describe('completed: only what is verified is ever merged'),
  to: idsParam
    .optional()
    .describe('A branch of yours that is brought forward to what is merged then; nothing in it is overwritten'),
});
type Params = z.infer<typeof params>;

type Clash = readonly [string, string];

/** Which of the tasks conflict with each other, as their branches are now. */
const foreseen = async ({ git }: Context, base: string, tasks: readonly Task[]): Promise<readonly Clash[]> => {
  const pairs = await git.clashingPairs(
    base,
    tasks.map((task) => task.run!.result!.head_commit),
  );
  return pairs.map(([a, b]) => [tasks[a]!.id, tasks[b]!.id]);
};

const inOrder = (state: State, tasks: readonly Task[], pairs: readonly Clash[]): readonly OrderedMerge[] => {
  const clashes = new Map<string, Set<string>>();
  const note = (one: string, other: string) => clashes.set(one, (clashes.get(one) ?? new Set()).add(other));
  for (const [a, b] of pairs) {
    note(a, b);
    note(b, a);
  }
  return orderMerges(
    tasks.map(({ id }) => id),
    graphOf(Object.keys(state.tasks), state.tasks),
    clashes,
  );
};

const strategyOf = (context: Context, modifiers: readonly string[]): MergeStrategy => {
  if (modifiers.includes('squash')) return 'squash';
  return modifiers.includes('rebase') ? 'rebase' : context.settings.integration.method;
};

/** The branch that is to be brought forward: one that is there and is not the swarm's. */
const branchTo = async (context: Context, { to }: Params): Promise<Place | undefined> => {
  if (to === undefined) return undefined;
  const name = requireOne(to, 'branch');
  const issue = (text: string) => badParameter({ command: 'merge branch', key: 'to', issue: text });
  if (name === context.settings.branches.integration) throw issue(`"${name}" is where batches are merged in any case`);
  const runs = valuesOf(context.store.state.tasks).flatMap(({ run, history }) => [...history, ...(run ? [run] : [])]);
  if (runs.some(({ branch }) => branch === name)) throw issue(`"${name}" is the branch of a task`);
  const at = await context.git.resolve(`refs/heads/${name}`);
  if (at === null) throw issue(`there is no branch "${name}"`);
  return { name, at };
};

const choiceOf = ({ settings }: Pick<Context, 'settings'>, { id }: Params, modifiers: readonly string[]): Choice => ({
  ids: id,
  resolves: modifiers.includes('conflict-resolve'),
  policy: settings.review,
});

const refuseOtherWork = ({ state: states = [] }: Params): void => {
  const other = states.find((word) => !['completed', 'done', 'unmerged'].includes(word));
  if (other !== undefined)
    throw badParameter({ command: 'merge branch', key: 'state', issue: `"${other}" work is not merged` });
};

/** Refuses a name behind which nothing waits, and a merge of nothing; a branch to be brought forward may lack older merges. */
const refuseMerge = (standing: Standing, said: Params, modifiers: readonly string[]): void => {
  refuseOtherWork(said);
  const choice = choiceOf(standing, said, modifiers);
  const chosen = chooseMerges(standing.state, choice);
  if (modifiers.includes('dry-run')) return;
  assertNoneUnderWay(standing.state);
  if (chosen.length === 0 && said.to === undefined) throw nothingToMerge(standing.state, choice);
};

const orderedSchema = z.object({ task: z.string(), because: z.string().describe('Why it stands at this place') });
const previewSchema = z
  .object({
    target: z.string(),
    tasks: z.array(z.string()),
    order: z.array(orderedSchema),
    conflicts: z.array(z.array(z.string())).describe('Pairs of tasks whose branches conflict with each other'),
    delivery: z
      .object({
        branch: z.string(),
        problem: z.string().nullable().describe('What keeps it where it is, as things are; null where nothing does'),
      })
      .optional()
      .describe('The branch of to=, where there is something to bring there'),
  })
  .describe('With dry-run: what would be merged, in order');

/** Why the branch of a task may be set aside whatever is merged with it. */
const ownDoubts = (state: State, id: string): readonly string[] => {
  const why = standingConflict(state, state.tasks[id]!);
  if (why !== undefined) return [`${id} was set aside before (${why}), and nothing about that has changed`];
  const clash = clashWithMerged(state.predicted, id);
  if (!clash) return [];
  const where = someOf(
    clash.files.map((file) => sideText(file, 0)),
    3,
  );
  return [`${id} conflicts with what is merged already, in ${where}: unless that is resolved, it is set aside`];
};

/** What may keep some of the tasks out: as their branches are now, unless a rule or what is remembered resolves it. */
const doubts = (state: State, tasks: readonly string[], conflicts: readonly Clash[]): readonly string[] => [
  ...conflicts.map(
    ([one, other]) => `${one} and ${other} conflict: unless that is resolved, the one that comes later is set aside`,
  ),
  ...tasks.flatMap((id) => ownDoubts(state, id)),
];

/** What a dry run is about, and what it says of the branch that is to be brought forward then. */
type Previewed = {
  readonly state: State;
  readonly target: string;
  readonly choice: Choice;
  readonly to: Place | undefined;
  readonly delivery: Awaited<ReturnType<typeof deliveryPreview>>;
  /** What is said of commits that came to the branches since they were verified. */
  readonly later: readonly string[];
};

/** What would be merged, in order, and what may keep some of it out. */
const mergesText = (
  { state, target }: Pick<Previewed, 'state' | 'target'>,
  order: readonly OrderedMerge[],
  conflicts: readonly Clash[],
): readonly string[] => {
  const tasks = order.map(({ task }) => task);
  const lines = order.map(({ task, because }, n) => `${n + 1}. ${task}: ${because}`);
  const doubtful = doubts(state, tasks, conflicts);
  const upTo = doubtful.length === 0 ? '' : 'Up to ';
  const first = `${upTo}${plural(tasks.length, 'task')} would be merged into ${target}: ${tasks.join(', ') || 'none'}.`;
  return [first, ...lines, ...doubtful];
};

const previewOf = (
  { state, target, choice, to, delivery, later }: Previewed,
  order: readonly OrderedMerge[],
  conflicts: readonly Clash[],
): Outcome => {
  const others = choice.ids ? foretoldAlongTexts(state, chooseMerges(state, choice)) : discardedTexts(state, choice);
  const told = [...mergesText({ state, target }, order, conflicts), ...(order.length === 0 ? [] : others), ...later];
  const { message: brought, ...branch } = delivery ?? {};
  const data = {
    target,
    tasks: order.map(({ task }) => task),
    order,
    conflicts,
    ...(delivery ? { delivery: branch } : {}),
  };
  if (brought !== undefined) return { message: [...told, brought].join('\n'), data };
  if (order.length > 0) return { message: told.join('\n'), data };
  const { message, hint } = nothingToMerge(state, choice, to?.name);
  return { message: `${told.join('')} ${message}`, data, ...(hint === undefined ? {} : { hint }) };
};

/** Where the branch of the merges is, and in which order all that is chosen comes onto it. */
const planMerges = async (context: Context, choice: Choice) => {
  const { integration } = context.settings.branches;
  const base = (await context.git.resolve(`refs/heads/${integration}`)) ?? (await baseCommit(context));
  const pairs = await foreseen(context, base, chooseMerges(context.store.state, choice));
  return { base, pairs, order: (state: State) => inOrder(state, chooseMerges(state, choice), pairs) };
};

type Started = Extract<EventDraft, { type: 'batch.started' }>;

const startedFact = (
  state: State,
  ordered: readonly OrderedMerge[],
  how: Omit<Started['data'], 'id' | 'tasks' | 'took' | 'reasons'>,
): Started => ({ type: 'batch.started', data: { ...nextBatch(state, ordered), ...how } });

export const mergeBranch = defineCommand({
  verb: 'merge',
  noun: 'branch',
  summary: 'Merge verified branches in dependency order into the integration branch, judged by the gates',
  example: 'merge completed branches',
  role: 'integrator',
  modifiers: ['dry-run', 'squash', 'rebase', 'conflict-resolve'],
  target: 'required',
  reads: false,
  effects:
    'merges into the integration branch in a worktree of its own, as far as the gates pass; a branch of yours moves only with to=, and nothing that is changed there is overwritten',
  params,
  result: z.union([batchSchema, previewSchema]),
  asks: async (context, said, modifiers) => {
    const to = modifiers.includes('dry-run') ? undefined : await branchTo(context, said);
    return to && deliveryLoss(context, choiceOf(context, said, modifiers), to);
  },
  foresees: (_standing, { to }, modifiers) => (to === undefined || modifiers.includes('dry-run') ? undefined : 'asks'),
  refuses: refuseMerge,
  // Whether there is such a branch, and nothing of a person's is in its way, is only seen when it is looked for.
  unsure: (_standing, { to }) => to !== undefined,
  run: async (context, said, modifiers) => {
    refuseOtherWork(said);
    const { integration } = context.settings.branches;
    const to = await branchTo(context, said);
    const choice = choiceOf(context, said, modifiers);
    const { resolves } = choice;
    if (modifiers.includes('dry-run')) {
      const { pairs, order } = await planMerges(context, choice);
      const { state } = context.store;
      const delivery = to && (await deliveryPreview(context, chooseMerges(state, choice), to));
      const ordered = order(state);
      const later = await laterCommitsTexts(
        context,
        ordered.map(({ task }) => task),
      );
      return previewOf({ state, target: integration, choice, to, delivery, later }, ordered, pairs);
    }
    const strategy = strategyOf(context, modifiers);
    // What comes along counts as merged afterwards: what it was before is said.
    let before = context.store.state;
    const facts = await context.atIntegration(async () => {
      const { base, order } = await planMerges(context, choice);
      return context.decide((state) => {
        assertNoneUnderWay(state);
        before = state;
        const ordered = order(state);
        if (ordered.length === 0 && (!to || to.at === base)) throw nothingToMerge(state, choice, to?.name);
        const data = {
          target: integration,
          base_commit: base,
          strategy,
          resolves,
          ...(to ? { deliver_to: to.name } : {}),
        };
        return [startedFact(state, ordered, data)];
      });
    });
    const batchId = dataOf(facts, 'batch.started')[0]!.id;
    const along = ({ merged }: Batch) =>
      alongTexts(
        before,
        merged.flatMap(({ task }) => before.tasks[task] ?? []),
      );
    const state = await context.store.until((now) => now.batches[batchId]?.state === 'finished', context.signal);
    const batch = state.batches[batchId]!;
    const outcome = batchOutcome(batch);
    const left = choice.ids ? along(batch) : discardedTexts(state, choice);
    const later = await laterCommitsTexts(
      context,
      batch.set_aside.map(({ task }) => task),
    );
    return withUntickedPlans(context, batch, { ...outcome, message: [outcome.message, ...left, ...later].join('\n') });
  },
});
