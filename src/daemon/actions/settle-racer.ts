import { messageOf } from '../../lib/errors.ts';
import type { EventDraft } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { instanceBranch } from '../../state/names.ts';
import type { Run } from '../../state/tasks.ts';
import { runOfRacer } from '../../tasks/race.ts';
import type { DaemonServices } from '../services.ts';
import { checkOutBranch } from './check-out-branch.ts';
import { saveWork } from './save-work.ts';

/** Whether the worktree still is as the racer left it, and nobody begins anything else there. */
const hasBranchOut = async (services: DaemonServices, instance: Instance, run: Run): Promise<boolean> => {
  const { git } = services.targetOf(instance);
  const { workspace_path: worktree, task_assignments: queue } = instance;
  if (queue.length > 0 || !(await git.hasWorktree(worktree))) return false;
  return (await git.worktreeState(worktree)).branch === run.branch;
};

/** Saves what a racer left uncommitted on its branch, and puts its worktree back on the branch of its instance. */
const freeWorktree = async (services: DaemonServices, racer: string, instance: Instance): Promise<EventDraft[]> => {
  const { instance_id, workspace_path } = instance;
  const home = instanceBranch(instance_id);
  await saveWork(services, instance, `WIP of ${instance_id} on ${racer}`);
  if ((await services.targetOf(instance).git.resolve(`refs/heads/${home}`)) === null) return [];
  await checkOutBranch(services, instance, home, racer);
  return [{ type: 'instance.placed', data: { instance_id, branch_name: home, workspace_path } }];
};

/**
 * Puts away the work of a racer that did not win: its commits stay under a ref of the archive, and its worktree is free of
 * them. Its branch goes when it is checked out nowhere; nothing is lost by that.
 */
export const settleRacer = async (services: DaemonServices, racerId: string): Promise<void> => {
  const { state } = services.store;
  const racer = state.tasks[racerId];
  const task = racer?.race_of;
  const run = racer && runOfRacer(racer);
  if (task === undefined) return;
  const instance = run && state.instances[run.instance];
  const { git } = instance ? services.targetOf(instance) : services.home;
  const placed =
    instance && (await hasBranchOut(services, instance, run)) ? await freeWorktree(services, racerId, instance) : [];
  const head = run ? await git.resolve(`refs/heads/${run.branch}`) : null;
  const archive = head === null ? null : await git.archive(racerId, head);
  await services.decide((): EventDraft[] => [
    ...placed,
    { type: 'race.settled', data: { id: task, racer: racerId, archive } },
  ]);
  if (!run || head === null) return;
  await git.removeBranch(run.branch, head).catch((error: unknown) => {
    services.log(`the branch ${run.branch} of ${racerId} stays: ${messageOf(error)}`);
  });
};
