import { messageOf } from '../../lib/errors.ts';
import { valuesOf } from '../../lib/records.ts';
import type { BranchClaim } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import type { State } from '../../state/index.ts';
import { runsOf } from '../../state/runs.ts';
import { type DaemonServices, instancesOn } from '../services.ts';

/** For what a branch is made: nobody else takes it back while that is under way. */
export const claimOfTask = (task: string): string => `task ${task}`;
export const claimOfInstance = (instance: string): string => `instance ${instance}`;

const isRecorded = ({ instances, tasks }: State, branch: string): boolean =>
  Object.values(instances).some((one) => one.branch_name === branch) ||
  valuesOf(tasks).some((task) => runsOf(task).some((one) => one.branch === branch));

/** Puts a worktree that has a branch checked out which nothing recorded has back on the one that is recorded of it. */
const leaveBranch = async (
  { store }: DaemonServices,
  target: Target,
  { branch, commit }: BranchClaim,
): Promise<void> => {
  const { git } = target;
  const path = (await git.worktrees()).find((one) => one.branch === branch)?.path;
  if (path === undefined) return;
  const places = await Promise.all(
    instancesOn(target, store.state).map(async (one) => ({ one, place: await git.place(one.workspace_path) })),
  );
  const instance = places.find(({ place }) => place === path)?.one;
  // A person's own worktree stays as it is, and with it the branch.
  if (!instance) return;
  const home = instance.branch_name;
  const canGoBack = (await git.resolve(`refs/heads/${home}`)) !== null;
  // Its next task may begin there meanwhile.
  await (canGoBack ? git.switchTo(path, home, branch) : git.addWorktree(path, { commit, from: branch }));
};

/**
 * Ends the claims that operations left which did not come to their end: a branch that is recorded stays, any other is taken
 * back if nothing ever happened to it. With an owner only what was made for that.
 */
export const settleClaims = async (services: DaemonServices, target: Target, owner?: string): Promise<void> => {
  const { log, store } = services;
  for (const claim of await target.git.claims()) {
    if (owner !== undefined && claim.owner !== owner) continue;
    if (isRecorded(store.state, claim.branch)) {
      await target.git.dropClaim(claim.branch);
      continue;
    }
    try {
      await leaveBranch(services, target, claim).catch(async (error: unknown) => {
        // Whoever removed the worktree meanwhile has left it.
        if ((await target.git.worktrees()).some(({ branch }) => branch === claim.branch)) throw error;
      });
      if (await target.git.unmakeBranch(claim)) log(`took back the branch ${claim.branch}, made for ${claim.owner}`);
    } catch (error) {
      log(`the branch ${claim.branch}, made for ${claim.owner}, stays: ${messageOf(error)}`);
      await target.git.dropClaim(claim.branch);
    }
  }
};
