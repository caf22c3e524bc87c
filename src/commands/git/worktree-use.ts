import { saidId } from '../../protocol/say.ts';
import { oneLine, shellQuote, shorten } from '../../lib/text.ts';
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

const instanceNamed = ({ instances }: State, name: string): Instance | undefined =>
  Object.hasOwn(instances, name) ? instances[name] : undefined;

/** The agent or the batch that works in a worktree. */
export const workIn = (state: State, name: string): Use | undefined => {
  const instance = instanceNamed(state, name);
  if (instance && isPresent(instance.state.kind))
    return {
      by: `${name} is ${instance.state.kind} there`,
      hint: `First say: stop instance ${saidId(name)}; or, for both: remove instance ${saidId(name)}`,
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
  folder: Pick<Folder, 'name' | 'path'>,
): Promise<Use | undefined> => {
  const { name, path } = folder;
  const reason = await git.lockOf(path);
  if (reason !== null)
    return {
      by: `it is locked${reason === '' ? '' : `: ${oneLine(reason)}`}`,
      hint: `First say: unlock worktree ${saidId(name)}`,
    };
  const [first] = await livingIn(folder);
  return (
    first && {
      by: `the process ${first.pid} (${shorten(oneLine(first.argv.join(' ')), 80)}) is in it`,
      hint: `End it first, for example with: kill ${first.pid}`,
    }
  );
};

/** How something that is in the middle is given up: one that is shut in has a git directory that no git outside opens. */
const givingUp = (instance: Instance | undefined, path: string, how: string): string => {
  const { instance_id: id, sandbox = 'missing', state } = instance ?? {};
  if (id === undefined || sandbox === 'missing')
    return `Finish it, or give it up with: git -C ${shellQuote(path)} ${how}`;
  const told = `have it finished or given up there: tell ${saidId(id)} "git ${how}"`;
  return state && isPresent(state.kind)
    ? `Only its agent gets at it, in its sandbox; ${told}`
    : `Only its agent gets at it, in its sandbox. First say: restart instance ${saidId(id)}; then ${told}`;
};

/** What is in the middle in a worktree: a removal would leave nobody to end it. */
export const halfDone = async (
  { git, store }: Pick<Context, 'git' | 'store'>,
  { name, path }: Pick<Folder, 'name' | 'path'>,
): Promise<Use | undefined> => {
  const what = await git.underWay(path);
  if (what === null) return undefined;
  const how = what === 'bisect' ? 'bisect reset' : `${what} --abort`;
  return { by: `a ${what} is in the middle there`, hint: givingUp(instanceNamed(store.state, name), path, how) };
};

/** Refuses a worktree that somebody or something uses. */
export const assertUnused = (name: string, use: Use | undefined): void => {
  if (use) throw worktreeInUse({ name, ...use });
};

/** Refuses a worktree that somebody works in, has locked or is in the middle of something in. */
export const assertFree = async (
  context: Pick<Context, 'git' | 'livingIn' | 'store'>,
  folder: Pick<Folder, 'name' | 'path'>,
): Promise<void> => {
  const held = workIn(context.store.state, folder.name) ?? (await holdOn(context, folder));
  assertUnused(folder.name, held ?? (await halfDone(context, folder)));
  // Nobody is in it yet who has come while that was found out.
  assertUnused(folder.name, workIn(context.store.state, folder.name));
};

/** Refuses to take the worktrees of instances away while something is in the middle in one of them. */
export const assertNoneHalfDone = async (
  context: Pick<Context, 'git' | 'store'>,
  instances: readonly Instance[],
): Promise<void> => {
  for (const { instance_id: name, workspace_path: path } of instances)
    if (await context.git.hasWorktree(path)) assertUnused(name, await halfDone(context, { name, path }));
};

/** What becomes of the files of a removed worktree that no commit keeps. */
export const fateOf = ({ cleanup }: Settings, isForGood = false): string =>
  isForGood || cleanup.trash === 'off' ? 'is lost' : `stays in the trash for ${cleanup.trash}`;
