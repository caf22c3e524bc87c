import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';
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
  const known = await git.resolve(`refs/heads/${instance.branch_name}`);
  const branch =
    known === null || (known !== instance.base_commit && instance.restarts === 0)
      ? await git.createBranch(instance.branch_name, instance.base_commit)
      : instance.branch_name;
  await git.addWorktree(instance.workspace_path, { branch });
  await tellLacking(services, instance);
  if (branch !== instance.branch_name) {
    const data = { instance_id: instance.instance_id, branch_name: branch, workspace_path: instance.workspace_path };
    await services.decide(() => [{ type: 'instance.placed', data }]);
  }
  return { ...instance, branch_name: branch };
};

/** Takes away a worktree in which nobody has worked yet, and its branch if nothing was committed to it. */
const unmake = async (services: DaemonServices, instance: Instance, home: Home): Promise<void> => {
  await tearDown(services, home);
  await home.target.git.removeWorktree(home.path);
  await home.target.git.removeBranch(instance.branch_name, instance.base_commit);
};

/**
 * Sees to it that an instance has its worktree and that it is set up. Where that fails before any work was done there,
 * nothing of it is left.
 */
export const ensureWorktree = async (services: DaemonServices, instance: Instance): Promise<Instance> => {
  const target = services.targetOf(instance);
  const isThere = await target.git.hasWorktree(instance.workspace_path);
  if (!isThere) await forgetSetUp({ target, name: instance.instance_id });
  const ports = await givePorts(services, instance);
  const placed = isThere ? instance : await makeWorktree(services, instance);
  const home = homeAt(services, placed, ports);
  try {
    await setUpOnce(services, home);
  } catch (error) {
    const isFresh = !isThere || instance.pane === null;
    if (isFresh && !services.signal.aborted) await unmake(services, placed, home);
    throw error;
  }
  return services.store.state.instances[instance.instance_id] ?? placed;
};
