import type { SyncRequest } from '../../commands/define.ts';
import { branchHeld, checkedOutByUser } from '../../git/errors.ts';
import type { FileEdit, Git } from '../../ports/index.ts';
import { isUnderWay } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import type { SyncResult } from '../../state/sync.ts';
import type { DaemonServices } from '../services.ts';
import { INTEGRATION, integrationWorktree, placeIntegration } from './integration-worktree.ts';
import { boxesToTick } from './land-task.ts';

/** Whether this is the branch that batches are merged into, in its worktree or in none. */
export const isIntegration = ({ settings }: DaemonServices, { worktree, branch }: SyncRequest): boolean =>
  branch === settings.branches.integration && (worktree === null || worktree.name === INTEGRATION);

/** Why the branch is left as it is; undefined where it may move. */
const keptReason = ({ batches }: State, { branch, method }: SyncRequest): string | undefined => {
  const batch = Object.values(batches).find(isUnderWay);
  if (batch) return `${batch.id} is under way there`;
  return method === 'rebase' ? `others build on ${branch}: it takes commits in by a merge only` : undefined;
};

/** The edits that tick what is merged in the plans that are there now, which no merge could tick before. */
const lateTicks = async ({ store: { state }, home }: DaemonServices, commit: string): Promise<FileEdit[]> => {
  const read = (path: string): Promise<string | null> => home.git.readFile(commit, path);
  const merged = Object.values(state.specs).flatMap(({ tasks }) =>
    tasks.flatMap((id) => (state.tasks[id]?.batch ? [state.tasks[id]] : [])).slice(0, 1),
  );
  const edits = await Promise.all(merged.map((task) => boxesToTick(state, { task, below: [] }, read)));
  return edits.flat();
};

/** The commit with those ticks on top; the same where there are none. */
const ticked = async (services: DaemonServices, commit: string): Promise<string> => {
  const { git } = services.home;
  const edits = await lateTicks(services, commit);
  const same = edits.length === 0 ? undefined : await git.mergeTrees(commit, commit);
  if (same?.kind !== 'merged') return commit;
  return git.commitMerge({ ours: commit, theirs: commit, tree: same.tree, edits, message: 'Tick what is merged' });
};

/** The branch and its worktree go from one commit to the other; a text says why they do not. */
const move = async (
  services: DaemonServices,
  request: SyncRequest,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<string | undefined> => {
  const { git } = services.home;
  const branch = request.branch!;
  const path = await integrationWorktree(services);
  const isThere = await git.hasWorktree(path);
  const why = keptReason(services.store.state, request);
  if (why !== undefined) return why;
  // On no branch meanwhile, as for a batch: one that is checked out does not move.
  if (isThere) await placeIntegration(services, path, { commit: from, again: false });
  const moved = await git.moveBranch(branch, from, to).catch((error: unknown) => {
    if (checkedOutByUser.matches(error) || branchHeld.matches(error)) return error.message;
    throw error;
  });
  if (isThere) {
    await git.checkout(path, moved === true ? to : from);
    if (typeof moved === 'boolean') await git.attach(path, branch);
  }
  return moved === true ? undefined : moved === false ? 'it changed meanwhile' : moved;
};

/** What would become of the branch, and how far it is from what it is to contain. */
const foresee = async (git: Git, head: string, { branch, sources }: SyncRequest) => {
  const goal = await git.joined(sources, 'Join what is brought in');
  if (goal.kind === 'conflict') return { landing: goal, against: head };
  return { landing: await git.joined([head, goal.commit], `Bring ${branch} up to date`), against: goal.commit };
};

/** Does what `syncIntegration` says while no batch can begin: of one that has begun the state tells. */
const syncBetween = async (services: DaemonServices, request: SyncRequest): Promise<SyncResult> => {
  const { git } = services.home;
  const { worktree, branch, dryRun } = request;
  const head = (await git.resolve(`refs/heads/${branch}`)) ?? '';
  const about = { worktree: worktree?.name ?? null, branch, conflicts: [], from: head, to: head, reason: null };
  const skipped = (reason: string): SyncResult => ({
    ...about,
    ...{ status: 'skipped', reason, ahead: 0, behind: 0, applied: 0 },
  });
  const why = keptReason(services.store.state, request);
  if (why !== undefined) return skipped(why);
  const { landing, against } = await foresee(git, head, request);
  const before = await git.divergence(against, head);
  if (landing.kind === 'conflict')
    return { ...about, ...before, status: 'conflict', applied: 0, conflicts: [...landing.files] };
  const to = landing.commit === head ? head : await ticked(services, landing.commit);
  if (to === head) return { ...about, ...before, status: 'current', applied: 0 };
  const done: SyncResult = {
    ...{ ...about, ...(await git.divergence(against, to)) },
    ...{ status: 'updated', applied: before.behind, to },
  };
  if (dryRun) return done;
  const refused = await move(services, request, { from: head, to });
  return refused === undefined ? done : skipped(refused);
};

/**
 * Brings what a person has committed into the branch that batches are merged into, by a merge made in memory, between batches
 * only; plans that come with it are ticked. What somebody has changed in its worktree is kept in the archive, as before a
 * batch.
 */
export const syncIntegration = (services: DaemonServices, request: SyncRequest): Promise<SyncResult> =>
  services.atIntegration(() => syncBetween(services, request));
