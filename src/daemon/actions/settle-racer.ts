import { messageOf } from '../../lib/errors.ts';
import type { EventDraft } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { instanceBranch } from '../../state/names.ts';
import type { Run } from '../../state/tasks.ts';
import { runOfRacer } from '../../tasks/race.ts';
import type { DaemonServices } from '../services.ts';
import { turnsOfWorktrees } from '../turns.ts';
import { checkOutBranch } from './check-out-branch.ts';
import { saveWork } from './save-work.ts';

/** The branch that is checked out in the worktree; null where there is none, or something else begins there. */
const branchThere = async (services: DaemonServices, instance: Instance): Promise<string | null> => {
  const { git } = services.targetOf(instance);
  const { workspace_path: worktree, task_assignments: queue } = instance;
  if (queue.length > 0 || !(await git.hasWorktree(worktree))) return null;
  return (await git.worktreeState(worktree)).branch;
};

/** The fact that an instance is on its own branch again. */
const homeFact = ({ instance_id, workspace_path }: Instance): EventDraft => ({
  type: 'instance.placed',
  data: { instance_id, branch_name: instanceBranch(instance_id), workspace_path },
});

/** Saves what a racer left uncommitted on its branch, and puts its worktree back on the branch of its instance. */
const freeWorktree = async (
  services: DaemonServices,
  racer: string,
  instance: Instance,
  on: string,
): Promise<EventDraft[]> => {
  const { instance_id } = instance;
  const home = instanceBranch(instance_id);
  await saveWork(services, instance, `WIP of ${instance_id} on ${racer}`, { on });
  if ((await services.targetOf(instance).git.resolve(`refs/heads/${home}`)) === null) return [];
  await checkOutBranch(services, instance, home, racer);
  return [homeFact(instance)];
};

/** Frees the worktree of a racer where it still is as the racer left it, and says so also where a daemon before was killed over it. */
const freedFacts = async (
  services: DaemonServices,
  racer: string,
  instance: Instance,
  run: Run,
): Promise<EventDraft[]> => {
  const there = await branchThere(services, instance);
  if (there === run.branch) return freeWorktree(services, racer, instance, there);
  const isFreed = there === instanceBranch(instance.instance_id) && instance.branch_name === run.branch;
  return isFreed ? [homeFact(instance)] : [];
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
  // In its turn, so that it puts nothing back in the place of a task that begins there.
  const placed = instance
    ? await turnsOfWorktrees(services)(instance.instance_id, () =>
        freedFacts(services, racerId, services.store.state.instances[instance.instance_id] ?? instance, run),
      )
    : [];
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
