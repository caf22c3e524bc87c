import { z } from 'zod';
import { SIDES } from './conflict-records.ts';
import { type Handlers, reducer } from './reducer.ts';

/** How the work of a task comes onto the integration branch. */
export const MERGE_STRATEGIES = ['merge', 'squash', 'rebase'] as const;
export type MergeStrategy = (typeof MERGE_STRATEGIES)[number];

const merge = z.object({
  task: z.string(),
  branch: z.string(),
  commit: z.string(),
  head: z.string().optional().describe('The verified commit that was merged; missing where that was not recorded'),
});

const setAside = z.object({
  task: z.string(),
  /** Why it is not merged. Reasons may be added; none is ever taken away, because journals name them. */
  reason: z
    .enum(['conflict', 'gate', 'dependency', 'withdrawn', 'stopped', 'moved', 'checked-out', 'busy', 'base', 'error'])
    .describe(
      'conflict: in its files; gate: the check after its merge failed; dependency: what it builds on was set aside; withdrawn: it is not verified any more; stopped: the batch ended before it, as integration.on_conflict or on_failed_check says, or because somebody cancelled it; moved: somebody else moved the branch; checked-out: the branch is checked out in a worktree of yours; busy: another git may hold a lock that is in the way; base: what it was to be merged onto fails by itself; error: merging failed, see the message',
    ),
  message: z.string(),
  files: z.array(z.string()),
  commit: z.string().optional().describe('The verified commit that conflicted'),
  spoiled: z
    .boolean()
    .optional()
    .describe('What it builds on is not good, or not there any more: it has failed, and is to be done again as well'),
  sent_back: z
    .object({ round: z.number().int(), to: z.string().nullable() })
    .optional()
    .describe('Its work went back to be made to fit: for the how-manieth time, and to whom; null: to whoever takes it'),
});

/** The attempt of each task, with its verified commit, that a batch has begun with: a later one is none of its work. */
const took = z
  .record(z.string(), z.object({ attempt: z.number().int(), head: z.string() }))
  .describe('The attempt of each task that it took, with its verified commit; missing where that was not recorded');

/** A gate that ran on merges, or on what lies under them. */
const check = z.object({
  task: z
    .string()
    .nullable()
    .describe(
      'The last task whose merge it judged; null: it judged what they are merged onto, or what is delivered, by itself',
    ),
  tasks: z.array(z.string()).optional().describe('All of them, where it judged several merges at once'),
  commit: z.string().describe('The commit that it ran on: the very one that is published when all gates pass'),
  command: z.string(),
  ms: z.number(),
  problem: z.string().nullable().describe('The sentence that says how it failed; null when it passed'),
  gate: z.string().optional().describe('Its name'),
  log: z.string().optional().describe('The file with what it printed'),
  coverage: z.number().optional().describe('The coverage that it printed, in per cent'),
  retries: z.number().int().optional().describe('How often it was repeated because it failed'),
  flaky: z.string().optional().describe('How it failed at first, where it passed when it was repeated'),
});

/** What a batch is at. */
const step = z.object({
  kind: z
    .enum(['wait', 'gate', 'deliver'])
    .describe(
      'wait: for its turn among the checks of this machine; gate: a gate runs; deliver: the branch asked for moves',
    ),
  task: z.string().nullable().describe('The last task of those that are judged'),
  gate: z.string().nullable(),
});

/** Merges whose branch is about to move: after a crash the branch itself says whether it has. */
const publishing = z.object({ to_commit: z.string(), merged: z.array(merge) });

const delivery = z.object({
  branch: z.string().describe('The branch that was asked for with to='),
  state: z
    .enum(['wanted', 'moving', 'delivered', 'refused'])
    .describe(
      'wanted: after the merges; moving: it is being brought forward; refused: it stays where it is, see problem',
    ),
  from_commit: z.string().nullable(),
  to_commit: z.string().nullable(),
  problem: z.string().nullable(),
});

const rollback = z.object({
  method: z
    .enum(['reset', 'revert'])
    .describe('reset: the branch goes back to where it was; revert: a commit on top takes the merges back'),
  from_commit: z.string(),
  to_commit: z.string(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  problem: z.string().nullable().describe('Why it did not come about; the batch stands then'),
});

export const batchSchema = z.object({
  id: z.string(),
  target: z.string(),
  base_commit: z.string(),
  head_commit: z.string(),
  /** The tasks that the batch set out to merge, in merge order. */
  tasks: z.array(z.string()),
  took: took.optional(),
  merged: z.array(merge),
  set_aside: z.array(setAside),
  checks: z.array(check).describe('The checks on its merges and what lies under them, those that failed included'),
  state: z.enum(['running', 'finished', 'rolling-back', 'rolled-back']),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  rollback: rollback.nullable().describe('How it was taken back, the last time that was asked for'),
  strategy: z
    .enum(MERGE_STRATEGIES)
    .describe(
      'merge: a merge commit for each task; squash: one commit without the history of its branch; rebase: its commits anew, one after the other',
    ),
  resolves: z.boolean().describe('Whether conflicts were to be resolved, by conflict-resolve'),
  side: z.enum(SIDES).nullable().describe('What is taken where nothing else resolves a conflict'),
  reasons: z.record(z.string(), z.string()).describe('Why each task stands at its place in the order'),
  step: step.extend({ since: z.string() }).nullable().describe('What it is at while it runs, where that takes time'),
  publishing: publishing.nullable(),
  cancelled: z.string().nullable().describe('Who stopped it midway'),
  problem: z
    .string()
    .optional()
    .describe('What ended it before it was through; missing where nothing did, or where that was not recorded'),
  delivery: delivery.nullable().describe('What became of the branch that was asked for with to='),
});
export type BatchCheck = z.infer<typeof check>;
/** Why a task of a batch is not merged. */
export type AsideReason = z.infer<typeof setAside>['reason'];
/** A batch is one numbered integration. */
export type Batch = z.infer<typeof batchSchema>;
export type Batches = Readonly<Record<string, Batch>>;

/** Whether the integration branch is about to move for this batch. */
export const isUnderWay = ({ state }: Batch): boolean => state === 'running' || state === 'rolling-back';

/** Whether a batch has made the integration branch, on which work is built from then on, whatever became of its merges. */
export const isIntegrationThere = ({ batches }: { readonly batches: Batches }): boolean =>
  Object.values(batches).some((batch) => !isUnderWay(batch));

/** The batch that set a task aside last. */
export const lastToSetAside = (batches: Batches, task: string | null): Batch | undefined =>
  Object.values(batches).findLast((batch) => batch.set_aside.some((one) => one.task === task));

/** The alert that tells of a task that was set aside; it goes when the task is merged. */
export const ASIDE_ALERT = 'aside:';
export const asideAlertId = (task: string): string => `${ASIDE_ALERT}${task}`;

/** The commit of the integration branch onto which a task came, where it has; null: that is where the branch is now. */
export const mergedOnto = (batches: Batches, batch: string | null): string | null =>
  batch !== null && Object.hasOwn(batches, batch) ? batches[batch]!.base_commit : null;

export const batchEvents = {
  'batch.started': z.object({
    id: z.string(),
    target: z.string(),
    base_commit: z.string(),
    tasks: z.array(z.string()),
    took: took.optional(),
    strategy: z.enum(MERGE_STRATEGIES).optional(),
    resolves: z.boolean().optional(),
    side: z.enum(SIDES).optional(),
    reasons: z.record(z.string(), z.string()).optional(),
    deliver_to: z.string().optional(),
  }),
  'batch.publishing': publishing.extend({ id: z.string() }),
  'batch.merged': merge.extend({ id: z.string() }),
  'batch.caught_up': z.object({ id: z.string(), commit: z.string() }),
  'batch.stepped': step.extend({ id: z.string() }),
  'batch.cancelled': z.object({ id: z.string(), by: z.string() }),
  'batch.delivering': delivery
    .pick({ branch: true })
    .extend({ id: z.string(), from_commit: z.string(), to_commit: z.string() }),
  'batch.delivered': z.object({ id: z.string() }),
  'batch.delivery_refused': z.object({ id: z.string(), problem: z.string() }),
  'batch.set_aside': setAside.omit({ sent_back: true }).extend({ id: z.string() }),
  /** What it set aside goes to an agent, which makes it fit; then it is merged by itself. */
  'batch.sent_back': z.object({
    id: z.string(),
    task: z.string(),
    round: z.number().int(),
    to: z.string().nullable(),
  }),
  'batch.checked': check.extend({ id: z.string() }),
  'batch.finished': z.object({ id: z.string(), problem: z.string().optional() }),
  'batch.rollback_started': rollback
    .pick({ method: true, from_commit: true, to_commit: true })
    .extend({ id: z.string() }),
  'batch.rolled_back': z.object({ id: z.string() }),
  'batch.rollback_failed': z.object({ id: z.string(), problem: z.string() }),
};

const change = (all: Batches, id: string, edit: (batch: Batch) => Batch): Batches => {
  const batch = Object.hasOwn(all, id) ? all[id] : undefined;
  return batch ? { ...all, [id]: edit(batch) } : all;
};

const withRollbackEnded = (batch: Batch, state: Batch['state'], at: string, problem: string | null): Batch => ({
  ...batch,
  state,
  rollback: batch.rollback && { ...batch.rollback, finished_at: at, problem },
});

const withDelivery = (batch: Batch, edit: Partial<NonNullable<Batch['delivery']>>): Batch => ({
  ...batch,
  delivery: batch.delivery && { ...batch.delivery, ...edit },
});

/** The branch is at this commit now; what was on its way there has arrived with it. */
const withHead = (batch: Batch, head_commit: string): Batch => ({
  ...batch,
  head_commit,
  publishing: batch.publishing?.to_commit === head_commit ? null : batch.publishing,
});

const reduceDeliveries = {
  'batch.delivering': (all, { id, ...where }) =>
    change(all, id, (batch) => withDelivery(batch, { ...where, state: 'moving', problem: null })),
  'batch.delivered': (all, { id }) => change(all, id, (batch) => withDelivery(batch, { state: 'delivered' })),
  'batch.delivery_refused': (all, { id, problem }) =>
    change(all, id, (batch) => withDelivery(batch, { state: 'refused', problem })),
} satisfies Partial<Handlers<Batches, typeof batchEvents>>;

const reduceRollbacks = {
  'batch.rollback_started': (all, { id, ...how }, at) =>
    change(all, id, (batch) => ({
      ...batch,
      state: 'rolling-back',
      rollback: { ...how, started_at: at, finished_at: null, problem: null },
    })),
  'batch.rolled_back': (all, { id }, at) =>
    change(all, id, (batch) => withRollbackEnded(batch, 'rolled-back', at, null)),
  'batch.rollback_failed': (all, { id, problem }, at) =>
    change(all, id, (batch) => withRollbackEnded(batch, 'finished', at, problem)),
} satisfies Partial<Handlers<Batches, typeof batchEvents>>;

export const reduceBatches = reducer<Batches, typeof batchEvents>({
  'batch.started': (
    all,
    { strategy = 'merge', resolves = false, side = null, reasons = {}, deliver_to, ...data },
    at,
  ) => ({
    ...all,
    [data.id]: {
      ...data,
      head_commit: data.base_commit,
      merged: [],
      set_aside: [],
      checks: [],
      state: 'running',
      started_at: at,
      finished_at: null,
      rollback: null,
      ...{ strategy, resolves, side, reasons, step: null, publishing: null, cancelled: null },
      delivery:
        deliver_to === undefined
          ? null
          : { branch: deliver_to, state: 'wanted', from_commit: null, to_commit: null, problem: null },
    },
  }),
  'batch.publishing': (all, { id, ...what }) => change(all, id, (batch) => ({ ...batch, publishing: what })),
  'batch.merged': (all, { id, ...merged }) =>
    change(all, id, (batch) => withHead({ ...batch, merged: [...batch.merged, merged] }, merged.commit)),
  'batch.caught_up': (all, { id, commit }) => change(all, id, (batch) => withHead(batch, commit)),
  'batch.set_aside': (all, { id, ...aside }) =>
    change(all, id, (batch) => ({ ...batch, set_aside: [...batch.set_aside, aside] })),
  'batch.sent_back': (all, { id, task, round, to }) =>
    change(all, id, (batch) => ({
      ...batch,
      set_aside: batch.set_aside.map((one) => (one.task === task ? { ...one, sent_back: { round, to } } : one)),
    })),
  'batch.checked': (all, { id, ...one }) =>
    change(all, id, (batch) => ({ ...batch, step: null, checks: [...batch.checks, one] })),
  'batch.stepped': (all, { id, ...what }, at) =>
    change(all, id, (batch) => ({ ...batch, step: { ...what, since: at } })),
  'batch.cancelled': (all, { id, by }) => change(all, id, (batch) => ({ ...batch, cancelled: by })),
  'batch.finished': (all, { id, ...why }, at) =>
    change(all, id, (batch) => ({
      ...batch,
      ...why,
      state: 'finished',
      finished_at: at,
      step: null,
      publishing: null,
    })),
  ...reduceDeliveries,
  ...reduceRollbacks,
});
