import { checkedOutByUser, gitBusy } from '../../git/errors.ts';
import { messageOf, traceOf } from '../../lib/errors.ts';
import type { AsideReason, Batch } from '../../state/batches.ts';
import { branchMoved } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { clearLocks, integrationWorktree, prepareIntegration } from './integration-worktree.ts';
import { landTask } from './land-task.ts';
import { catchUpWithBranch, publish } from './publish.ts';
import { gateProblem } from './run-gates.ts';
import { type SetAside, setAside } from './set-aside.ts';
import { mergeable, waitingTasks } from './waiting-tasks.ts';

/** Merges one task of a batch in memory and runs the gate on that; the branch moves only then. Why not, where it does not. */
const mergeTask = async (
  services: DaemonServices,
  batch: Batch,
  id: string,
  worktree: string,
): Promise<SetAside | undefined> => {
  const next = mergeable(services.store.state, batch, id, services.settings.integration);
  if ('aside' in next) return next.aside;
  const { task } = next;
  const landing = await landTask(services, { batch, task, onto: batch.head_commit });
  if (landing.kind === 'conflict') {
    const files = [...landing.files];
    return { task: id, reason: 'conflict', message: `conflict in ${files.join(', ')}`, files };
  }
  const problem = await gateProblem(services, task, { batch: batch.id, commit: landing.commit, worktree });
  if (problem !== undefined) return { task: id, reason: 'gate', message: problem, files: [] };
  await publish(services, batch, { task: id, branch: task.run.branch, commit: landing.commit });
  return undefined;
};

const endReasonOf = (error: unknown): AsideReason => {
  if (branchMoved.matches(error)) return 'moved';
  return checkedOutByUser.matches(error) ? 'checked-out' : 'error';
};

/**
 * Carries out a batch that "merge branch" has begun: its verified tasks one after the other onto the integration branch.
 * It can be cut off anywhere and goes on from there. What ends it early is recorded at each task that is left.
 */
export const mergeBatch = async (services: DaemonServices, batchId: string): Promise<void> => {
  const current = () => services.store.state.batches[batchId]!;
  let isClearing = false;
  try {
    const worktree = await integrationWorktree(services);
    await catchUpWithBranch(services, current());
    await prepareIntegration(services, worktree, current().head_commit);
    isClearing = true;
    await clearLocks(services, current(), worktree);
    isClearing = false;
    for (const id of waitingTasks(current())) {
      const aside = await mergeTask(services, current(), id, worktree);
      if (aside) await setAside(services, current(), [aside]);
    }
    await services.home.git.checkout(worktree, current().head_commit);
    await services.home.git.attach(worktree, current().target);
  } catch (error) {
    if (services.signal.aborted) throw error;
    services.log(`${batchId} could not go on: ${traceOf(error)}`);
    const reason = isClearing && gitBusy.matches(error) ? 'busy' : endReasonOf(error);
    const message = messageOf(error);
    await setAside(
      services,
      current(),
      waitingTasks(current()).map((task) => ({ task, reason, message, files: [] })),
    );
  }
  await services.decide(() => [{ type: 'batch.finished', data: { id: batchId } }]);
};
