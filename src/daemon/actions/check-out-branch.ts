import { basename } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import { namedFiles } from '../../lib/names.ts';
import { saidOption } from '../../protocol/say.ts';
import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';
import { keptAlertId } from './left-repositories.ts';
import { pastLeftLocks } from './past-left-locks.ts';
import { saveWork } from './save-work.ts';
import { tellKept } from './tell-kept.ts';

/**
 * Saves what was left uncommitted in a worktree. A daemon that was killed in the middle of a checkout leaves such files as
 * well.
 */
const saveLeftover = async (services: DaemonServices, instance: Instance, before: string): Promise<void> => {
  const { instance_id: id } = instance;
  const saved = await saveWork(services, instance, `WIP of ${id} before ${before}`, { keepVerified: true });
  if (saved === null) return;
  const where = saved.branch === null ? ', in the archive' : ` on ${saved.branch}`;
  services.log(`saved uncommitted work of ${id} as ${saved.commit}${where}`);
};

/** Moves repositories out of the way that were left in a worktree: they would be taken for work of the next task. */
const moveNestedAside = async (services: DaemonServices, instance: Instance): Promise<void> => {
  const { instance_id: id, workspace_path } = instance;
  const moved = await services.targetOf(instance).git.moveNestedAside(workspace_path);
  if (moved === null) return;
  const { into, paths } = moved;
  const text = `What was left in the worktree of ${id} and is a repository of its own (${namedFiles(paths)}) is kept in ${into}.`;
  const about = {
    suggestion: `clean worktrees ${saidOption('kept', basename(into))} dry-run`,
    instance: null,
    task: null,
  };
  await services.decide(() => [
    { type: 'alert.raised', data: { id: keptAlertId(into), severity: 'warning', text, ...about } },
  ]);
};

/** Gives up a merge, a rebase or the like that an agent has left in the middle. What nothing else keeps is kept, and told. */
const giveUpUnderWay = async (services: DaemonServices, instance: Instance, before: string): Promise<void> => {
  const { instance_id: id, workspace_path } = instance;
  const { git } = services.targetOf(instance);
  await services.ballast.giveBackIfFull();
  const given = await git.giveUp(workspace_path, id, `WIP of ${id} before ${before}`);
  if (given === null) return;
  const { what, kept } = given;
  services.log(`gave up a ${what} in the worktree of ${id}, kept: ${kept.join(', ') || 'nothing that no branch has'}`);
  if (kept.length > 0)
    await tellKept(
      services,
      kept,
      `A ${what} was in the middle in the worktree of ${id}, and was given up for ${before}; what it had`,
    );
};

/** Keeps what an agent has committed on no branch, and tells of it: nothing leads to that when something else is checked out. */
const keepCommits = async (services: DaemonServices, instance: Instance): Promise<void> => {
  const { instance_id: id, workspace_path } = instance;
  const kept = await services.targetOf(instance).git.keepHead(workspace_path, id);
  if (kept !== null) await tellKept(services, [kept], `What was committed on no branch in the worktree of ${id}`);
};

/** Makes way for a checkout that was refused; rejects where what is in the way is nothing that can be kept. */
const makeWay = async (services: DaemonServices, instance: Instance, taskId: string, error: unknown): Promise<void> => {
  const code = error instanceof AppError ? error.code : null;
  if (code !== 'git/dirty' && code !== 'git/under-way') throw error;
  // First, because what is saved would note no more of them than a commit.
  await moveNestedAside(services, instance);
  if (code === 'git/dirty') await saveLeftover(services, instance, taskId);
  else await giveUpUnderWay(services, instance, taskId);
};

const switchOver = async (
  services: DaemonServices,
  instance: Instance,
  branch: string,
  taskId: string,
): Promise<void> => {
  const { git } = services.targetOf(instance);
  await keepCommits(services, instance);
  try {
    await git.switchTo(instance.workspace_path, branch);
  } catch (error) {
    await makeWay(services, instance, taskId, error);
    await git.switchTo(instance.workspace_path, branch);
  }
  // git leaves behind those that the branch before had noted.
  await moveNestedAside(services, instance);
};

/**
 * Checks a branch out in the worktree of an instance; what was left uncommitted there is kept first, and nothing of it stays.
 * A lock that a killed git left is no hindrance.
 */
export const checkOutBranch = (
  services: DaemonServices,
  instance: Instance,
  branch: string,
  taskId: string,
): Promise<void> =>
  pastLeftLocks(services, instance, { branch, what: taskId }, () => switchOver(services, instance, branch, taskId));
