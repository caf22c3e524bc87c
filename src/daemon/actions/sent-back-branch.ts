import { basename } from 'node:path';
import type { Instance } from '../../state/instances.ts';
import { byHandFolder } from '../../state/names.ts';
import { reviewedRun, reviewOf } from '../../state/reviews.ts';
import type { Task } from '../../state/tasks.ts';
import type { DaemonServices } from '../services.ts';
import { checkOutBranch } from './check-out-branch.ts';
import { pastLocksAt } from './past-left-locks.ts';
import { saveWork } from './save-work.ts';

/** Whether a worktree is the one in which a person has gone on with the task. */
const isByHand = ({ store }: DaemonServices, path: string, task: string): boolean =>
  basename(path) === byHandFolder(task) &&
  reviewOf(store.state.reviews, task).decisions.some(({ kind }) => kind === 'taken-over');

/** The instance whose worktree it is. */
const holderOf = async ({ home, store }: DaemonServices, path: string): Promise<Instance | undefined> => {
  for (const instance of Object.values(store.state.instances))
    if ((await home.git.place(instance.workspace_path)) === path) return instance;
  return undefined;
};

/** Commits what is uncommitted in a worktree; undefined where it is neither an instance's nor one of a take-over. */
const savedIn = async (
  services: DaemonServices,
  { path, branch, task }: { readonly path: string; readonly branch: string; readonly task: string },
): Promise<string | null | undefined> => {
  const message = `WIP on ${task}`;
  if (isByHand(services, path, task)) return services.home.git.saveWork(path, message, branch);
  const holder = await holderOf(services, path);
  return holder && ((await saveWork(services, holder, message, { on: branch }))?.commit ?? null);
};

/**
 * Frees a branch that another worktree has checked out: what is uncommitted there is committed on it first, so that it goes
 * along, and the worktree stays at that commit.
 */
const freeBranch = async (services: DaemonServices, branch: string, workspace: string, task: string): Promise<void> => {
  const { git } = services.home;
  const own = await git.place(workspace);
  const elsewhere = (await git.worktrees()).find(({ branch: has, path }) => has === branch && path !== own);
  // One of a person's own stays as it is, wherever it lies: git then says that the branch is in use there.
  if (!elsewhere) return;
  const { path } = elsewhere;
  await pastLocksAt(services, { git, path, branch: null, what: task }, async () => {
    const saved = await savedIn(services, { path, branch, task });
    if (saved === undefined) return;
    if (saved !== null) services.log(`saved uncommitted work in ${path} as ${saved} on ${branch}`);
    const { head } = await git.worktreeState(path);
    // Without force: what is written there meanwhile stays.
    await git.addWorktree(path, { commit: head, from: branch });
  });
};

/**
 * Checks out the branch that a task was sent back with, all its commits on it; undefined where it was not sent back, or its
 * branch is gone. The work counts from where it began, so that the whole of it is looked at again.
 */
export const branchSentBack = async (
  services: DaemonServices,
  task: Task,
  instance: Instance,
): Promise<{ readonly branch: string; readonly base: string } | undefined> => {
  const branch = task.instruction?.branch;
  const run = reviewedRun(task);
  if (branch === undefined || !run) return undefined;
  const { git } = services.targetOf(instance);
  if ((await git.resolve(`refs/heads/${branch}`)) === null) return undefined;
  await freeBranch(services, branch, instance.workspace_path, task.id);
  await checkOutBranch(services, instance, branch, task.id);
  return { branch, base: run.start_commit };
};
