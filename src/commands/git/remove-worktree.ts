import { basename } from 'node:path';
import { z } from 'zod';
import { oneLine, shorten } from '../../lib/text.ts';
import { isUnderWay } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import { isPresent } from '../../state/moves.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { notOurWorktree, worktreeInUse } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { type Folder, folderNamed, foldersOf, INTEGRATION } from './worktree-rows.ts';

/** Refuses to remove a worktree that an agent or a batch works in. */
const requireUnused = (state: State, name: string): void => {
  const instance = Object.hasOwn(state.instances, name) ? state.instances[name] : undefined;
  if (instance && isPresent(instance.state.kind))
    throw worktreeInUse({
      name,
      by: `${name} is ${instance.state.kind} there`,
      hint: `Say "stop instance ${name}" first, or "remove instance ${name}" for both.`,
    });
  const batch = Object.values(state.batches).find(isUnderWay);
  if (name === INTEGRATION && batch)
    throw worktreeInUse({
      name,
      by: `${batch.id} is being ${batch.state === 'running' ? 'put together' : 'taken back'} there`,
      hint: 'Wait until the batch is done.',
    });
};

/** Refuses to remove what somebody locked, and what would be taken from under a process. */
const requireLeft = async ({ git, livingIn }: Pick<Context, 'git' | 'livingIn'>, folder: Folder): Promise<void> => {
  const { name, path } = folder;
  const reason = await git.lockOf(path);
  if (reason !== null)
    throw worktreeInUse({
      name,
      by: `it is locked${reason === '' ? '' : `: ${oneLine(reason)}`}`,
      hint: `Say "unlock worktree ${name}" first.`,
    });
  const [first] = await livingIn(folder);
  if (first)
    throw worktreeInUse({
      name,
      by: `the process ${first.pid} (${shorten(oneLine(first.argv.join(' ')), 80)}) is in it`,
      hint: `End it first, for example with: kill ${first.pid}`,
    });
};

const SHOWN_IGNORED = 8;

/** What git ignores in the worktrees, which nothing keeps. */
const ignoredText = async (git: Context['git'], folders: readonly Folder[]): Promise<string> => {
  const found = await Promise.all(
    folders.map(async ({ name, path }) =>
      (await git.ignored(path)).map((one) => (folders.length > 1 ? `${name}/${one}` : one)),
    ),
  );
  const paths = found.flat();
  if (paths.length === 0) return 'nothing else is lost';
  const more = paths.length - SHOWN_IGNORED;
  return `what git ignores is lost: ${paths.slice(0, SHOWN_IGNORED).map(oneLine).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const removeOne = async (context: Pick<Context, 'git' | 'tearDown' | 'livingIn'>, { name, path }: Folder) => {
  const { git, tearDown } = context;
  await requireLeft(context, { name, path, branch: null });
  await tearDown({ name, path });
  const { head } = await git.worktreeState(path);
  const saved = await git.snapshot(path, `Uncommitted work of the worktree ${name}`);
  const archive = await git.archive(name, saved ?? head);
  await git.removeWorktree(path);
  return { worktree: name, saved, archive };
};

export const removeWorktree = defineCommand({
  verb: 'remove',
  noun: 'worktree',
  summary: 'Delete worktrees that nothing works in; branches stay, uncommitted work is kept as a commit',
  example: 'remove worktree look-around',
  role: 'operator',
  modifiers: [],
  later: { modifiers: ['force'], parameters: ['state', 'scope', 'except'] },
  target: 'required',
  reads: false,
  effects: 'archives what is not committed and deletes the folder; the branch stays',
  params: z.object({ id: idsParam.describe('Their names') }),
  result: z.array(
    z.object({
      worktree: z.string(),
      saved: z.string().nullable().describe('The commit that keeps its uncommitted work'),
      archive: z.string().describe('The ref that keeps what was there'),
    }),
  ),
  asks: async (context, { id }) => {
    const names = [...new Set(id)];
    for (const name of names) requireUnused(context.store.state, name);
    const { ours } = await foldersOf(context);
    const lost = await ignoredText(
      context.git,
      ours.filter(({ name }) => names.includes(name)),
    );
    return {
      targets: names,
      loses: `This deletes ${plural(names.length, 'worktree')} (${names.join(', ')}); the branches stay, uncommitted work is kept under refs/drover/archive, ${lost}.`,
    };
  },
  run: async (context, { id }) => {
    const { ours } = await foldersOf(context);
    const names = [...new Set(id)];
    const foreign = (await context.git.worktrees()).filter(({ path }) => !ours.some((one) => one.path === path));
    const folders = names.map((name) => {
      const other = foreign.find(({ path }) => basename(path) === name);
      if (other && !ours.some((one) => one.name === name)) throw notOurWorktree({ name, path: other.path });
      return folderNamed(ours, name);
    });
    const data: { worktree: string; saved: string | null; archive: string }[] = [];
    for (const folder of folders) {
      requireUnused(context.store.state, folder.name);
      data.push(await removeOne(context, folder));
    }
    const kept = data.filter((one) => one.saved !== null);
    const words =
      kept.length === 0 ? '' : ` Uncommitted work of ${kept.map((one) => one.worktree).join(', ')} is kept.`;
    return {
      message: `Removed ${plural(data.length, 'worktree')}: ${names.join(', ')}.${words}`,
      data,
      sideEffects: data.map((one) => `worktree ${one.worktree} removed, kept as ${one.archive}`),
    };
  },
});
