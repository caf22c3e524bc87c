import { basename, dirname } from 'node:path';
import { messageOf } from '../../lib/errors.ts';
import { isReplaced, ownPlace } from '../../lib/own-place.ts';
import { valuesOf } from '../../lib/records.ts';
import { oneLine } from '../../lib/text.ts';
import { isWorktreesFolder } from '../../lib/worktrees-folder.ts';
import type { WorktreeEntry } from '../../ports/index.ts';
import type { State } from '../../state/index.ts';
import type { WorktreeRow } from '../../text/worktree-row.ts';
import type { Context, Repository } from '../define.ts';
import { notFound, worktreeReplaced } from '../errors.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { isActive } from '../../tasks/startable.ts';

/** The worktree that batches are put together in. */
export const INTEGRATION = 'integration';

/** A worktree of the swarm as git lists it. */
export type Folder = { readonly name: string; readonly path: string; readonly branch: string | null };

type Seen = Folder & Pick<WorktreeEntry, 'touchedAt'>;

/** The instances by the places of their worktrees. */
const homesIn = async ({ git }: Pick<Context, 'git'>, { instances }: State): Promise<ReadonlyMap<string, string>> =>
  new Map(
    await Promise.all(
      Object.values(instances).map(async ({ instance_id, workspace_path }): Promise<[string, string]> => {
        return [await ownPlace(git.place, workspace_path), instance_id];
      }),
    ),
  );

/**
 * The worktrees of the swarm, and how many others the repository has, the checkout included. They are in the swarm's own
 * folder or in one of before; what lies elsewhere was adopted, or is where its instance was moved to.
 */
export const foldersOf = async ({
  git,
  paths,
  store,
}: Repository & Pick<Context, 'store'>): Promise<{ ours: readonly Seen[]; others: number }> => {
  const root = await git.place(paths.worktrees);
  const all = await git.worktrees();
  const homes = await homesIn({ git }, store.state);
  const ours = all.flatMap(({ name: given, ...one }): Seen[] => {
    const parent = dirname(one.path);
    const isInside = parent === root || isWorktreesFolder(parent, paths.key);
    const name = homes.get(one.path) ?? given ?? (isInside ? basename(one.path) : undefined);
    return name === undefined ? [] : [{ name, ...one }];
  });
  return { ours, others: all.length - ours.length };
};

/** The task that a branch belongs to, and its instance's task where the branch is the instance's own. */
const taskAt = (state: State, { name, branch }: Folder) => {
  const tasks = valuesOf(state.tasks);
  const queue = state.instances[name]?.task_assignments ?? [];
  return (
    tasks.find((task) => queue.includes(task.id) && isActive(task) && task.state !== 'assigned') ??
    tasks.findLast((task) => branch !== null && task.run?.branch === branch)
  );
};

type Found = Awaited<ReturnType<Context['git']['worktreeState']>> & Pick<WorktreeRow, 'problem'>;

/** The row of a worktree in which this was found. */
const rowOf = async (
  { git, store: { state } }: Pick<Context, 'git' | 'store'>,
  folder: Folder,
  base: string,
  { head, branch, dirty, problem }: Found,
): Promise<WorktreeRow> => {
  const [{ ahead, behind }, last] = await Promise.all([git.divergence(base, head), git.describe(head)]);
  const instance = Object.hasOwn(state.instances, folder.name) ? state.instances[folder.name] : undefined;
  const task = taskAt(state, { ...folder, branch });
  return {
    name: folder.name,
    path: folder.path,
    kind: instance ? 'instance' : folder.name === INTEGRATION ? 'integration' : 'own',
    instance: instance?.instance_id ?? null,
    instance_state: instance?.state.kind ?? null,
    session: instance?.session ?? null,
    task: task?.id ?? null,
    task_state: task?.state ?? null,
    branch,
    problem,
    dirty: dirty.length,
    ahead,
    behind,
    ...last,
  };
};

/** What is known of one worktree, and its paths with uncommitted work. */
export const lookInto = async (
  context: Pick<Context, 'git' | 'store'>,
  folder: Folder,
  base: string,
): Promise<{ row: WorktreeRow; dirty: readonly string[] }> => {
  const { git } = context;
  if (await isReplaced(git.place, folder.path)) throw worktreeReplaced({ path: folder.path });
  const found = await git.worktreeState(folder.path);
  return { row: await rowOf(context, folder, base, { ...found, problem: null }), dirty: found.dirty };
};

/** What the repository itself knows of a worktree that nobody can look into: its agent can make it such. */
const rowOfBad = async (
  context: Pick<Context, 'git' | 'store'>,
  folder: Folder,
  base: string,
  error: unknown,
): Promise<WorktreeRow> => {
  const { branch } = folder;
  const tip = branch === null ? null : await context.git.resolve(`refs/heads/${branch}`);
  const problem = oneLine(messageOf(error));
  return rowOf(context, folder, base, { head: tip ?? base, branch, dirty: [], problem });
};

/** All worktrees of the swarm; one that goes away meanwhile is left out, and of one that is damaged it is said why. */
export const worktreeRows = async (
  context: Repository & Pick<Context, 'settings' | 'store'>,
  names?: readonly string[],
): Promise<{ rows: readonly WorktreeRow[]; others: number }> => {
  const { ours, others } = await foldersOf(context);
  const base = await baseCommit(context);
  const meant = names ? [...new Set(names)].map((name) => folderNamed(ours, name)) : ours;
  const found = await Promise.all(
    meant.map((folder) =>
      lookInto(context, folder, base).then(
        ({ row }) => [row],
        async (error: unknown) => {
          const isThere = (await foldersOf(context)).ours.some(({ name }) => name === folder.name);
          return isThere ? [await rowOfBad(context, folder, base, error)] : [];
        },
      ),
    ),
  );
  return { rows: found.flat(), others };
};

/** The worktree whose folder has this name, which is the id of its instance; an unknown name is an error. */
export const folderNamed = (folders: readonly Folder[], name: string): Folder => {
  const found = folders.find((one) => one.name === name);
  if (!found) throw notFound({ noun: 'worktree', id: name, known: folders.map((one) => one.name) });
  return found;
};
