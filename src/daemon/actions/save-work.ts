import { valuesOf } from '../../lib/records.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { runsOf } from '../../state/runs.ts';
import type { DaemonServices } from '../services.ts';
import { pastLeftLocks } from './past-left-locks.ts';

/** Whether a branch was made for an instance: its first one, or that of a run of it. */
export const isOwnBranch = (state: State, { instance_id: id, branch_name: first }: Instance, branch: string): boolean =>
  branch === first ||
  valuesOf(state.tasks).some((task) => runsOf(task).some((run) => run.instance === id && run.branch === branch));

/** Whether a branch holds verified work, to which nothing that was left over is added. */
const isVerified = (state: State, branch: string): boolean =>
  valuesOf(state.tasks).some((task) => runsOf(task).some((run) => run.branch === branch && run.result !== null));

type Saved = {
  readonly commit: string;
  /** The branch that it was added to; null where it is a commit of its own in the archive. */
  readonly branch: string | null;
};

type SaveOptions = {
  readonly keepVerified?: boolean;
  /** Only what was left on this branch is meant: where another one is checked out by now, something else begins there. */
  readonly on?: string;
};

/**
 * Commits what lies uncommitted in the worktree of an instance; null when there is nothing. It comes onto the branch that is
 * checked out only where that was made for this instance and holds no verified work: an agent can make any branch its
 * HEAD, one of the person's too. Else it is a commit of its own in the archive. A lock that a killed git left is no reason
 * to leave it there.
 */
export const saveWork = (
  services: DaemonServices,
  instance: Instance,
  message: string,
  options: SaveOptions = {},
): Promise<Saved | null> =>
  pastLeftLocks(services, instance, { branch: null, what: instance.instance_id }, () =>
    saveWorkOnce(services, instance, message, options),
  );

const saveWorkOnce = async (
  services: DaemonServices,
  instance: Instance,
  message: string,
  { keepVerified = false, on }: SaveOptions,
): Promise<Saved | null> => {
  const { instance_id: id, workspace_path: worktree } = instance;
  const { git } = services.targetOf(instance);
  const { state } = services.store;
  // On a full disk what was left could not be committed, and nobody be stopped but by force.
  await services.ballast.giveBackIfFull();
  const { branch, head } = await git.worktreeState(worktree);
  if (on !== undefined && on !== branch) return null;
  const isOurs = branch !== null && isOwnBranch(state, instance, branch);
  const half = await git.underWay(worktree);
  // A commit in the middle of a rebase, or of "git am", would take the place of the one that is being picked.
  const aside = !isOurs || half === 'rebase' || (keepVerified && isVerified(state, branch));
  // git leaves no branch in the middle of a merge.
  const stays = aside && half !== null && half !== 'bisect';
  // Away from the branch, with everything as it is.
  if (aside && branch !== null && !stays) await git.addWorktree(worktree, { commit: head, from: branch });
  const still = aside ? undefined : on;
  const commit = stays ? await git.snapshot(worktree, message) : await git.saveWork(worktree, message, still);
  if (commit === null) return null;
  if (aside) await git.archive(id, commit);
  return { commit, branch: aside ? null : branch };
};
