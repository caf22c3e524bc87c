import { basename, dirname } from 'node:path';
import { underWayThere } from '../../git/errors.ts';
import { isWorktreesFolder } from '../../lib/worktrees-folder.ts';
import type { Batch } from '../../state/batches.ts';
import { forgetSetUp, setUpOnce } from '../actions/set-up.ts';
import { integrationPorts } from '../actions/worktree-ports.ts';
import { keptAlertId } from '../actions/left-repositories.ts';
import type { DaemonServices } from '../services.ts';

/** The name of the worktree in which batches are put together. */
export const INTEGRATION = 'integration';

/** Where batches are put together and checked: where that was done before, else in the folder for new worktrees. */
export const integrationWorktree = async ({ home: { git, paths } }: DaemonServices): Promise<string> => {
  const known = (await git.worktrees()).find(
    ({ path }) => basename(path) === INTEGRATION && isWorktreesFolder(dirname(path), paths.key),
  );
  return known?.path ?? `${paths.worktrees}/${INTEGRATION}`;
};

/** Removes locks that were left in the way of a batch; one that may be held is an error. */
export const clearLocks = async (
  { home: { git }, log }: DaemonServices,
  batch: Batch,
  worktree: string,
): Promise<void> => {
  if (await git.unlock(worktree, batch.target)) log(`removed a lock that was left behind in the way of ${batch.id}`);
};

/**
 * Keeps what somebody has changed there and not committed: whatever a batch checks out gives no heed to it. It is told, for
 * the files are then as the branch has them.
 */
const keepChanges = async (services: DaemonServices, path: string): Promise<void> => {
  const { git } = services.home;
  const staged = await git.keepStaged(path);
  const saved = await git.snapshot(path, 'What was changed in the integration worktree');
  const archived = saved === null ? [] : [await git.archive(INTEGRATION, saved)];
  const all = [...archived, ...(staged === null ? [] : [staged])];
  const [kept] = all;
  if (kept === undefined) return;
  const text = `What was changed in the integration worktree and not committed is kept in ${all.join(' and ')}.`;
  const about = { suggestion: null, instance: null, task: null };
  await services.decide(() => [
    { type: 'alert.raised', data: { id: keptAlertId(kept), severity: 'warning', text, ...about } },
  ]);
};

/**
 * Has the worktree at a commit, on no branch; makes it where it is not there. With `again` what lies there is what a batch
 * left that was cut off, half of a checkout or what a gate has changed, and gives way.
 */
export const placeIntegration = async (
  services: DaemonServices,
  path: string,
  { commit, again }: { readonly commit: string; readonly again: boolean },
): Promise<void> => {
  const { home } = services;
  const isThere = await home.git.hasWorktree(path);
  if (isThere && again) return home.git.checkout(path, commit);
  const half = isThere ? await home.git.underWay(path) : null;
  // A person was sent there to merge by hand: a checkout would have git forget that.
  if (half !== null) throw underWayThere({ path, what: `a ${half}` });
  if (isThere) await keepChanges(services, path);
  else await forgetSetUp({ target: home, name: INTEGRATION });
  await home.git.addWorktree(path, { commit });
};

/** Has there what a gate needs; once set up it stays so. */
export const setUpIntegration = async (services: DaemonServices, path: string): Promise<void> => {
  const ports = integrationPorts(services);
  await setUpOnce(services, { target: services.home, name: INTEGRATION, path, ports });
};
