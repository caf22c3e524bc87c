import type { Batch } from '../../state/batches.ts';
import { branchMoved } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { asideAlertId } from './set-aside.ts';
import { waitingTasks } from './waiting-tasks.ts';

type Merge = Batch['merged'][number];

/** Records the merge of one task; the alert that an earlier batch set it aside goes with it. */
const recordMerge = (services: DaemonServices, id: string, merge: Merge): Promise<unknown> =>
  services.decide((now) => [
    { type: 'batch.merged', data: { id, ...merge } },
    ...clearAlertFacts(now, asideAlertId(merge.task), `merged in ${id}`),
  ]);

/** Moves the branch to a merge, if it still is where the batch left it, and records that. */
export const publish = async (services: DaemonServices, batch: Batch, merge: Merge): Promise<void> => {
  if (!(await services.home.git.moveBranch(batch.target, batch.head_commit, merge.commit)))
    throw branchMoved({ branch: batch.target, batch: batch.id });
  await recordMerge(services, batch.id, merge);
};

/** The branch may be one merge ahead of the journal, when the daemon died between the two: then that merge is recorded. */
export const catchUpWithBranch = async (services: DaemonServices, batch: Batch): Promise<void> => {
  const { git } = services.home;
  const tip = await git.resolve(`refs/heads/${batch.target}`);
  if (tip === null) {
    await git.moveBranch(batch.target, null, batch.head_commit);
    return;
  }
  if (tip === batch.head_commit) return;
  const next = waitingTasks(batch)[0];
  const run = next === undefined ? undefined : services.store.state.tasks[next]?.run;
  if (next === undefined || !run?.result || !(await git.isAncestor(run.result.head_commit, tip)))
    throw branchMoved({ branch: batch.target, batch: batch.id });
  await recordMerge(services, batch.id, { task: next, branch: run.branch, commit: tip });
};
