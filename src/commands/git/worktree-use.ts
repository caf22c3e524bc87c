import { oneLine, shorten } from '../../lib/text.ts';
import { isUnderWay } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isPresent } from '../../state/moves.ts';
import type { Settings } from '../../state/settings.ts';
import type { Context } from '../define.ts';
import { worktreeInUse } from '../errors.ts';
import { type Folder, INTEGRATION } from './worktree-rows.ts';

/** What keeps a worktree where it is, and what helps. */
export type Use = { readonly by: string; readonly hint: string };

/** The agent or the batch that works in a worktree. */
export const workIn = (state: State, name: string): Use | undefined => {
  const instance = Object.hasOwn(state.instances, name) ? state.instances[name] : undefined;
  if (instance && isPresent(instance.state.kind))
    return {
      by: `${name} is ${instance.state.kind} there`,
      hint: `Say "stop instance ${name}" first, or "remove instance ${name}" for both.`,
    };
  const batch = name === INTEGRATION ? Object.values(state.batches).find(isUnderWay) : undefined;
  return (
    batch && {
      by: `${batch.id} is being ${batch.state === 'running' ? 'put together' : 'taken back'} there`,
      hint: 'Wait until the batch is done.',
    }
  );
};

/** The lock on a worktree, or the process from under which it would be taken. */
export const holdOn = async (
  { git, livingIn }: Pick<Context, 'git' | 'livingIn'>,
  folder: Folder,
): Promise<Use | undefined> => {
  const { name, path } = folder;
  const reason = await git.lockOf(path);
  if (reason !== null)
    return {
      by: `it is locked${reason === '' ? '' : `: ${oneLine(reason)}`}`,
      hint: `Say "unlock worktree ${name}" first.`,
    };
  const [first] = await livingIn(folder);
  return (
    first && {
      by: `the process ${first.pid} (${shorten(oneLine(first.argv.join(' ')), 80)}) is in it`,
      hint: `End it first, for example with: kill ${first.pid}`,
    }
  );
};

/** What is in the middle in a worktree: a removal would leave nobody to end it. */
export const halfDone = async (
  { git }: Pick<Context, 'git'>,
  { path }: Pick<Folder, 'path'>,
): Promise<Use | undefined> => {
  const what = await git.underWay(path);
  if (what === null) return undefined;
  const how = what === 'bisect' ? 'bisect reset' : `${what} --abort`;
  return { by: `a ${what} is in the middle there`, hint: `Finish it, or give it up with: git -C "${path}" ${how}` };
};

/** Refuses a worktree that somebody or something uses. */
export const assertUnused = (name: string, use: Use | undefined): void => {
  if (use) throw worktreeInUse({ name, ...use });
};

/** Refuses to take the worktrees of instances away while something is in the middle in one of them. */
export const assertNoneHalfDone = async (
  { git }: Pick<Context, 'git'>,
  instances: readonly Instance[],
): Promise<void> => {
  for (const { instance_id: name, workspace_path: path } of instances)
    if (await git.hasWorktree(path)) assertUnused(name, await halfDone({ git }, { path }));
};

/** What becomes of the files of a removed worktree that no commit keeps. */
export const fateOf = ({ cleanup }: Settings, isForGood = false): string =>
  isForGood || cleanup.trash === 'off' ? 'is lost' : `stays in the trash for ${cleanup.trash}`;
