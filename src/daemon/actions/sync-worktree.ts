import type { SyncRequest } from '../../commands/define.ts';
import { branchElsewhere, dirtyWorktree, worktreeGone } from '../../git/errors.ts';
import { valuesOf } from '../../lib/records.ts';
import type { Git, Landing } from '../../ports/index.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { InstanceStateName } from '../../state/instances.ts';
import { runsOf } from '../../state/runs.ts';
import type { SyncResult } from '../../state/sync.ts';
import type { Task } from '../../state/tasks.ts';
import { isIntegration, syncIntegration } from '../integration/sync-integration.ts';
import type { DaemonServices } from '../services.ts';
import { isOwnBranch } from './save-work.ts';

/** The states in which an agent does not write: its files may change beneath it. */
const AT_REST: readonly InstanceStateName[] = ['idle', 'waiting', 'limited', 'stopped', 'failed', 'lost'];

type Found = Pick<SyncRequest, 'sources' | 'method'> & {
  readonly git: Git;
  readonly branch: string;
  readonly head: string;
  readonly run: Task['run'];
};

const SKIPPED = { ahead: 0, behind: 0, applied: 0, conflicts: [], from: '', to: '' } as const;

const skipped = ({ worktree, branch }: SyncRequest, reason: string): SyncResult => ({
  ...{ worktree: worktree?.name ?? null, branch, status: 'skipped', reason },
  ...SKIPPED,
  conflicts: [],
});

const instanceAt = (state: State, name: string) =>
  Object.hasOwn(state.instances, name) ? state.instances[name] : undefined;

/** Why an agent is not disturbed now; undefined where it is at rest. */
const busyReason = (state: State, name: string): string | undefined => {
  const kind = instanceAt(state, name)?.state.kind;
  if (kind === undefined || AT_REST.includes(kind)) return undefined;
  return kind === 'unknown' ? 'nobody knows whether its agent works' : `its agent is ${kind}`;
};

/** Why a branch is left as it is; undefined where it may move. */
const keptReason = (services: DaemonServices, request: SyncRequest): string | undefined => {
  const { settings, store } = services;
  const { worktree, branch } = request;
  if (branch === null) return 'no branch is checked out there';
  const { integration, base } = settings.branches;
  if (branch === integration || branch === base) return `${branch} is what the others are brought up to`;
  const verified = valuesOf(store.state.tasks).find((task) =>
    runsOf(task).some((run) => run.branch === branch && run.result !== null),
  );
  if (verified) return `it holds the verified work of ${verified.id}, which stays as it is`;
  const instance = worktree ? instanceAt(store.state, worktree.name) : undefined;
  if (instance && !isOwnBranch(store.state, instance, branch)) return `${branch} was not made for it`;
  return undefined;
};

/** The run that is at work on a branch. */
const runAt = (state: State, branch: string) =>
  valuesOf(state.tasks).find((task) => task.state === 'running' && task.run?.branch === branch);

/** The commit that a branch would be moved to, and the one that its own work begins at then. */
const planned = async (found: Found): Promise<{ base: string; landing: Landing }> => {
  const { git, branch, head, run, sources, method } = found;
  const base = await git.joined([...sources, ...(run ? [run.start_commit] : [])], 'Join what work is built on');
  if (base.kind === 'conflict') return { base: head, landing: base };
  if (await git.isAncestor(base.commit, head)) return { base: base.commit, landing: { kind: 'landed', commit: head } };
  const landing =
    method === 'rebase'
      ? await git.rebased({ from: run?.start_commit ?? base.commit, head, onto: base.commit })
      : await git.joined([head, base.commit], `Bring ${branch} up to date`);
  return { base: base.commit, landing };
};

/** Moves the branch, with its worktree where it has one; false where it has moved meanwhile. */
const move = async (git: Git, { worktree }: SyncRequest, { branch, head }: Found, to: string): Promise<boolean> =>
  worktree ? git.advance(worktree.path, { branch, from: head, to }) : git.moveBranch(branch, head, to);

const syncedFacts = (state: State, request: SyncRequest, result: SyncResult, base: string): EventDraft[] => {
  const { worktree, branch } = request;
  const instance = worktree ? instanceAt(state, worktree.name) : undefined;
  const task = branch === null || result.status !== 'updated' ? undefined : runAt(state, branch);
  return [
    ...(instance
      ? [{ type: 'instance.synced' as const, data: { instance_id: instance.instance_id, sync: result } }]
      : []),
    ...(task ? [{ type: 'run.rebased' as const, data: { id: task.id, start_commit: base } }] : []),
  ];
};

/** What became of it, by what git refuses; anything else is an error. */
const refusalOf = (error: unknown): string => {
  if (dirtyWorktree.matches(error)) return 'uncommitted work is in the way there';
  if (branchElsewhere.matches(error)) return 'it changed meanwhile';
  if (worktreeGone.matches(error)) return 'it is gone';
  throw error;
};

const syncClean = async (services: DaemonServices, request: SyncRequest, found: Found): Promise<SyncResult> => {
  const { git, branch, head, method, sources } = found;
  const { base, landing } = await planned(found);
  const { name = null } = request.worktree ?? {};
  const goal = await git.joined(sources, 'Join what work is built on');
  const against = goal.kind === 'landed' ? goal.commit : base;
  const before = await git.divergence(against, head);
  const about = { worktree: name, branch, reason: null, conflicts: [], from: head };
  if (landing.kind === 'conflict')
    return { ...about, status: 'conflict', ...before, applied: 0, conflicts: [...landing.files], to: head };
  if (landing.commit === head) return { ...about, status: 'current', ...before, applied: 0, to: head };
  const after = await git.divergence(against, landing.commit);
  const done: SyncResult = { ...about, status: 'updated', ...after, applied: before.behind, to: landing.commit };
  if (request.dryRun) return done;
  const busy = name === null ? undefined : busyReason(services.store.state, name);
  if (busy !== undefined) return skipped(request, busy);
  // The commits as they were stay in the archive: somebody may have built on them.
  if (method === 'rebase') await git.archive(`${name ?? 'branch'}-before-rebase`, head);
  if (!(await move(git, request, found, landing.commit))) return skipped(request, 'it changed meanwhile');
  await services.decide((state) => syncedFacts(state, request, done, base));
  return done;
};

/** Looks at what is there; a text says why it is not touched. */
const lookAt = async (git: Git, { worktree, branch }: SyncRequest): Promise<{ readonly head: string } | string> => {
  if (!worktree) return { head: (await git.resolve(`refs/heads/${branch}`)) ?? '' };
  const { head, branch: there, dirty } = await git.worktreeState(worktree.path);
  if (dirty.length > 0) return `uncommitted: ${dirty.slice(0, 3).join(', ')}${dirty.length > 3 ? ' …' : ''}`;
  return there === branch ? { head } : 'it changed meanwhile';
};

/**
 * Brings a worktree and its branch up to date, only where that is safe: nobody writes there, all is committed, and the
 * merge succeeds in memory. Else nothing is changed, and the result says why.
 */
export const syncWorktree = async (services: DaemonServices, request: SyncRequest): Promise<SyncResult> => {
  if (isIntegration(services, request)) return syncIntegration(services, request);
  const { worktree, branch, sources, method } = request;
  const { state } = services.store;
  const why = (worktree ? busyReason(state, worktree.name) : undefined) ?? keptReason(services, request);
  if (why !== undefined || branch === null) return skipped(request, why ?? 'no branch is checked out there');
  const instance = worktree ? instanceAt(state, worktree.name) : undefined;
  const { git } = instance ? services.targetOf(instance) : services.home;
  try {
    const seen = await lookAt(git, request);
    if (typeof seen === 'string') return skipped(request, seen);
    const run = runAt(state, branch)?.run ?? null;
    return await syncClean(services, request, { git, branch, head: seen.head, run, sources, method });
  } catch (error) {
    return skipped(request, refusalOf(error));
  }
};
