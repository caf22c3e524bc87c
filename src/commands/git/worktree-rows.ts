import { basename, dirname } from 'node:path';
import { valuesOf } from '../../lib/records.ts';
import { isWorktreesFolder } from '../../lib/worktrees-folder.ts';
import type { WorktreeEntry } from '../../ports/index.ts';
import type { State } from '../../state/index.ts';
import type { WorktreeRow } from '../../text/worktree-row.ts';
import type { Context, Repository } from '../define.ts';
import { notFound } from '../errors.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { isActive } from '../selection.ts';

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
        return [await git.place(workspace_path), instance_id];
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

/** What is known of one worktree, and its paths with uncommitted work. */
export const lookInto = async (
  context: Pick<Context, 'git' | 'store'>,
  folder: Folder,
  base: string,
): Promise<{ row: WorktreeRow; dirty: readonly string[] }> => {
  const { git, store } = context;
  const { head, branch, dirty } = await git.worktreeState(folder.path);
  const [{ ahead, behind }, last] = await Promise.all([git.divergence(base, head), git.describe(head)]);
  const { state } = store;
  const instance = Object.hasOwn(state.instances, folder.name) ? state.instances[folder.name] : undefined;
  const task = taskAt(state, { ...folder, branch });
  const row: WorktreeRow = {
    name: folder.name,
    path: folder.path,
    kind: instance ? 'instance' : folder.name === INTEGRATION ? 'integration' : 'own',
    instance: instance?.instance_id ?? null,
    instance_state: instance?.state.kind ?? null,
    session: instance?.session ?? null,
    task: task?.id ?? null,
    task_state: task?.state ?? null,
    branch,
    dirty: dirty.length,
    ahead,
    behind,
    ...last,
  };
  return { row, dirty };
};

/** All worktrees of the swarm; one that goes away meanwhile is left out. */
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
          if ((await foldersOf(context)).ours.some(({ name }) => name === folder.name)) throw error;
          return [];
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
