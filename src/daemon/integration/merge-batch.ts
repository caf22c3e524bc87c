import { checkedOutByUser, gitBusy } from '../../git/errors.ts';
import { messageOf, traceOf } from '../../lib/errors.ts';
import { brokerLost, passLossOn } from '../../process/errors.ts';
import type { AsideReason, Batch } from '../../state/batches.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { gatesFor } from '../../tasks/merge-gates.ts';
import { branchMoved, redGround } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { buildStack } from './build-stack.ts';
import { failedAside } from './conflict-aside.ts';
import { deliver, hasArrived } from './deliver.ts';
import { clearLocks, integrationWorktree, placeIntegration, setUpIntegration } from './integration-worktree.ts';
import { catchUpWithBranch, publish } from './publish.ts';
import { rememberMerges } from './remember-merges.ts';
import { type GateRun, gatesLeft, groundProblem, judgeStack } from './run-gates.ts';
import { type SetAside, setAside } from './set-aside.ts';
import { unblockFacts } from './unblock.ts';
import { waitingTasks } from './waiting-tasks.ts';

/** Whether anything judges the merges of a batch. */
const hasGates = ({ settings, store }: DaemonServices, batch: Batch): boolean =>
  gatesFor(
    settings,
    waitingTasks(batch).flatMap((id) => store.state.tasks[id] ?? []),
  ).length > 0;

/** Whether anything runs in the integration worktree for a batch: on its merges, or on what it only delivers. */
const needsSetup = (services: DaemonServices, batch: Batch): boolean =>
  hasGates(services, batch) || (batch.delivery !== null && gatesLeft(services, batch.head_commit).length > 0);

/** Merges the next tasks in memory, has the result judged, and publishes what is good; the one to blame is set aside. */
const mergeNext = async (services: DaemonServices, run: GateRun): Promise<void> => {
  const areJudged = hasGates(services, run.batch);
  const most = areJudged ? services.settings.integration.together : Number.POSITIVE_INFINITY;
  const { layers, asides } = await buildStack(services, run.batch, { most, areJudged });
  const { good, problem } =
    layers.length === 0 ? { good: 0, problem: undefined } : await judgeStack(services, run, layers);
  const blamed = problem === undefined ? undefined : layers[good]!;
  const failed =
    blamed && problem !== undefined ? [failedAside(services.store.state, run.batch, blamed.task, problem)] : [];
  const judged = { good: layers.slice(0, good), blamed, asides: [...asides, ...failed] };
  await rememberMerges(services, run.batch, await publish(services, run.batch, judged));
};

/** Ends what runs for a batch as soon as somebody cancels it. */
const untilCancelled = (services: DaemonServices, id: string) => {
  const cancelled = new AbortController();
  const over = new AbortController();
  void services.store
    .until((now) => now.batches[id]?.cancelled != null, AbortSignal.any([services.signal, over.signal]))
    .then(
      () => cancelled.abort(),
      () => undefined,
    );
  return {
    signal: AbortSignal.any([services.signal, cancelled.signal]),
    [Symbol.dispose]: () => over.abort(),
  };
};

const endReasonOf = (error: unknown): AsideReason => {
  if (branchMoved.matches(error)) return 'moved';
  if (gitBusy.matches(error)) return 'busy';
  if (redGround.matches(error)) return 'base';
  return checkedOutByUser.matches(error) ? 'checked-out' : 'error';
};

type EarlyEnd = Pick<SetAside, 'reason' | 'message'>;

/** Why the tasks that are left are not merged, when something ended the batch early. */
const earlyEnd = (batch: Batch, error: unknown): EarlyEnd =>
  batch.cancelled === null
    ? { reason: endReasonOf(error), message: messageOf(error) }
    : { reason: 'stopped', message: `the batch was cancelled by ${batch.cancelled}` };

/** Merges task after task until none is left, or the batch is cancelled. */
const mergeAll = async (services: DaemonServices, id: string, worktree: string): Promise<void> => {
  const current = () => services.store.state.batches[id]!;
  using cancel = untilCancelled(services, id);
  while (waitingTasks(current()).length > 0) {
    cancel.signal.throwIfAborted();
    await mergeNext(services, { batch: current(), worktree, signal: cancel.signal });
  }
};

/** Whether a batch has used its worktree before: it was cut off, and goes on. */
const hasBegun = ({ step, checks, merged, publishing }: Batch): boolean =>
  step !== null || publishing !== null || checks.length > 0 || merged.length > 0;

/** What a batch is at before its first gate waits. */
const SET_UP = { kind: 'wait', task: null, gate: null } as const;

/** Has the integration worktree ready for a batch: on no branch, because one that is checked out does not move. */
const makeReady = async (services: DaemonServices, batch: Batch): Promise<string> => {
  const worktree = await integrationWorktree(services);
  await catchUpWithBranch(services, batch);
  const now = services.store.state.batches[batch.id]!;
  const place = { commit: now.head_commit, again: hasBegun(batch) };
  await clearLocks(services, batch, worktree);
  await placeIntegration(services, worktree, place);
  if (needsSetup(services, now)) {
    // From here on what changes there is the batch's own: whoever goes on with it takes it for nobody else's.
    if (!place.again) await services.decide(() => [{ type: 'batch.stepped', data: { id: batch.id, ...SET_UP } }]);
    await setUpIntegration(services, worktree);
  }
  return worktree;
};

/** Leaves the integration worktree on its branch, where a person finds what was merged. */
const leaveOnBranch = async ({ home, store }: DaemonServices, id: string, worktree: string): Promise<void> => {
  const { head_commit, target } = store.state.batches[id]!;
  await home.git.checkout(worktree, head_commit);
  await home.git.attach(worktree, target);
};

/** Brings what is merged onto the branch that was asked for, judged by itself where it has come by no batch. */
const deliverJudged = async (services: DaemonServices, id: string, worktree: string): Promise<void> => {
  using cancel = untilCancelled(services, id);
  await deliver(services, id, async () => {
    const run = { batch: services.store.state.batches[id]!, worktree, signal: cancel.signal };
    const problem = await groundProblem(services, run, null);
    await leaveOnBranch(services, id, worktree);
    return problem;
  });
};

/** The facts of a batch that is over. One that ended early brings nothing onto another branch, but what is there by now. */
const endFacts = ({ batches }: State, id: string, arrived: boolean, early: EarlyEnd | undefined): EventDraft[] => {
  if (!early) return [{ type: 'batch.finished', data: { id } }];
  const { message: problem, reason } = early;
  const isOpen = ['wanted', 'moving'].includes(batches[id]?.delivery?.state ?? '');
  const delivery: EventDraft = arrived
    ? { type: 'batch.delivered', data: { id } }
    : { type: 'batch.delivery_refused', data: { id, problem } };
  // Who stopped it is recorded already.
  const finished = { id, ...(reason === 'stopped' ? {} : { problem }) };
  return [...(isOpen ? [delivery] : []), { type: 'batch.finished', data: finished }];
};

/**
 * Records what is on the branch already, which may be ahead of the journal when something ended the batch in between. That it
 * cannot be told holds the end up only where trying again helps.
 */
const catchUp = async (services: DaemonServices, batch: Batch, error: unknown): Promise<void> => {
  if (batch.publishing === null) return;
  await catchUpWithBranch(services, batch).catch((again: unknown) => {
    passLossOn(again, error);
    services.log(`what ${batch.id} had brought onto ${batch.target} is not known: ${messageOf(again)}`);
  });
};

/** Ends a batch; `early` is what has ended it before it was through. */
const finish = async (services: DaemonServices, id: string, early?: EarlyEnd, error?: unknown): Promise<void> => {
  const arrived = await hasArrived(services.home, services.store.state.batches[id]!).catch((again: unknown) => {
    passLossOn(again, error);
    services.log(`whether ${id} was delivered is not known: ${messageOf(again)}`);
    return false;
  });
  await services.decide((now) => [...endFacts(now, id, arrived, early), ...unblockFacts(now)]);
};

/** Ends a batch that cannot go on: what is not on the branch is set aside, with why. */
const setRestAside = async (services: DaemonServices, id: string, error: unknown): Promise<EarlyEnd> => {
  const current = () => services.store.state.batches[id]!;
  const why = earlyEnd(current(), error);
  if (why.reason !== 'stopped') services.log(`${id} could not go on: ${traceOf(error)}`);
  await catchUp(services, current(), error);
  await setAside(
    services,
    current(),
    waitingTasks(current()).map((task) => ({ task, ...why, files: [] })),
  );
  return why;
};

/** Ends a batch whose merging was begun again as often as that makes sense. */
export const giveUpBatch = async (services: DaemonServices, id: string, error: unknown): Promise<void> => {
  await finish(services, id, await setRestAside(services, id, error), error);
};

/**
 * Carries out a batch that "merge branch" has begun: its verified tasks onto the integration branch, as many at a time as are
 * judged together. It can be cut off anywhere and goes on from there. What ends it early is recorded at each task that is left.
 */
export const mergeBatch = async (services: DaemonServices, batchId: string): Promise<void> => {
  const current = () => services.store.state.batches[batchId]!;
  let worktree: string | undefined;
  let early: EarlyEnd | undefined;
  try {
    worktree = await makeReady(services, current());
    await mergeAll(services, batchId, worktree);
    await leaveOnBranch(services, batchId, worktree);
    await deliverJudged(services, batchId, worktree);
  } catch (error) {
    // Whoever lost the helper that runs programs begins again, as after a death of the daemon.
    if (services.signal.aborted || brokerLost.matches(error)) throw error;
    early = await setRestAside(services, batchId, error);
    // Whoever repairs what was merged onto does that there.
    const isAtRest = current().cancelled !== null || redGround.matches(error);
    if (isAtRest && worktree !== undefined)
      await leaveOnBranch(services, batchId, worktree).catch((again: unknown) =>
        services.log(`the integration worktree stays where ${batchId} left it: ${messageOf(again)}`),
      );
  }
  await finish(services, batchId, early);
};
