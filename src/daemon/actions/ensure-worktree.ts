import { worktreeUnlinked } from '../../git/errors.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Target } from '../../ports/target.ts';
import type { Instance } from '../../state/instances.ts';
import { sparseFolders } from '../../state/swarm-settings.ts';
import type { DaemonServices } from '../services.ts';
import { claimOfInstance } from './branch-claims.ts';
import { keepWork } from './remove-worktree.ts';
import { forgetSetUp, type Home, setUpOnce, tearDown } from './set-up.ts';
import { tellLacking } from './tell-lacking.ts';
import { givePorts, type PortBlock } from './worktree-ports.ts';

const homeAt = (services: DaemonServices, instance: Instance, ports: PortBlock | null): Home => ({
  target: services.targetOf(instance),
  name: instance.instance_id,
  path: instance.workspace_path,
  ports,
});

/** Makes the worktree of an instance, on a branch of its own. */
const makeWorktree = async (services: DaemonServices, instance: Instance): Promise<Instance> => {
  const { git } = services.targetOf(instance);
  const { instance_id, base_commit, branch_name, workspace_path } = instance;
  const known = await git.resolve(`refs/heads/${branch_name}`);
  const isNew = known === null || (known !== base_commit && instance.restarts === 0);
  const branch = isNew ? await git.createBranch(branch_name, base_commit, claimOfInstance(instance_id)) : branch_name;
  // Before anything has it checked out: a worktree on another branch than is recorded would be nobody's.
  if (branch !== branch_name)
    await services.decide(() => [
      { type: 'instance.placed', data: { instance_id, branch_name: branch, workspace_path } },
    ]);
  if (isNew) await git.dropClaim(branch);
  await git.addWorktree(workspace_path, { branch }, sparseFolders(services.settings));
  await tellLacking(services, instance);
  return { ...instance, branch_name: branch };
};

/**
 * Where an instance gets its worktree: where it is recorded, unless it is not there and worktrees lie elsewhere by now. So it
 * is after a backup was restored in another place, whose own may be there still.
 */
const placeFor = async (services: DaemonServices, instance: Instance, isThere: boolean): Promise<Instance> => {
  const { instance_id, branch_name } = instance;
  const workspace_path = `${services.targetOf(instance).paths.worktrees}/${instance_id}`;
  if (isThere || workspace_path === instance.workspace_path) return instance;
  await services.decide(() => [{ type: 'instance.placed', data: { instance_id, branch_name, workspace_path } }]);
  return { ...instance, workspace_path };
};

/** Archives what a set-up, or a person beside it, has left in a worktree, where no branch has it. */
const archiveLeft = async ({ log }: DaemonServices, { branch_name }: Instance, home: Home): Promise<void> => {
  const { git } = home.target;
  if (!(await git.hasWorktree(home.path))) return;
  const { head, saved } = await keepWork(home);
  if (saved === null && head === (await git.resolve(`refs/heads/${branch_name}`))) return;
  log(`what was left in the worktree of ${home.name} is kept in ${await git.archive(home.name, saved ?? head)}`);
};

/** Takes away a worktree in which no agent has worked yet, and its branch if nothing was committed to it. */
const unmake = async (services: DaemonServices, instance: Instance, home: Home): Promise<void> => {
  await tearDown(services, home);
  await archiveLeft(services, instance, home);
  await home.target.git.removeWorktree(home.path);
  await home.target.git.removeBranch(instance.branch_name, instance.base_commit);
};

/** Puts right what an agent, a killed git or a power cut has left of an instance in which nothing runs; of its branch also where that is all. */
const mendWorktree = async (
  { log }: DaemonServices,
  { git }: Target,
  { branch_name, instance_id, workspace_path }: Instance,
  isThere: boolean,
) => {
  await git.unlock(workspace_path, branch_name, true);
  if (!isThere) return;
  const restore = () => git.restoreEmptied(workspace_path);
  const count = await restore().catch(async (error: unknown) => {
    if (!worktreeUnlinked.matches(error)) throw error;
    await git.repairWorktree(workspace_path);
    log(`the file .git was written anew in the worktree of ${instance_id}`);
    return restore();
  });
  if (count > 0) log(`${count} files that a power cut had emptied were written anew in the worktree of ${instance_id}`);
};

/**
 * Sees to it that an instance has its worktree and that it is set up. Where that fails before any work was done there,
 * only what was left in it is kept, in the archive.
 */
export const ensureWorktree = async (
  services: DaemonServices,
  recorded: Instance,
  signal: AbortSignal,
): Promise<Instance> => {
  const target = services.targetOf(recorded);
  const isThere = await target.git.hasWorktree(recorded.workspace_path);
  const instance = await placeFor(services, recorded, isThere);
  if (!isThere) await forgetSetUp({ target, name: instance.instance_id });
  await mendWorktree(services, target, instance, isThere).catch((error: unknown) =>
    services.log(`the worktree of ${instance.instance_id} stays as it is: ${messageOf(error)}`),
  );
  const ports = await givePorts(services, instance);
  const placed = isThere ? instance : await makeWorktree(services, instance);
  const home = homeAt(services, placed, ports);
  const isFresh = !isThere || instance.pane === null;
  try {
    await setUpOnce(services, home, { isNew: isFresh, signal });
  } catch (error) {
    // What cannot be kept stays, and the failure that is told is the one before it.
    if (isFresh && !services.signal.aborted)
      await unmake(services, placed, home).catch((why: unknown) =>
        services.log(`the worktree of ${home.name} stays after its failed set-up: ${messageOf(why)}`),
      );
    throw error;
  }
  return services.store.state.instances[instance.instance_id] ?? placed;
};
