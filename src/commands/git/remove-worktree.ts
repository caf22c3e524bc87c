import { basename } from 'node:path';
import { z } from 'zod';
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

const removeOne = async ({ git, tearDown }: Pick<Context, 'git' | 'tearDown'>, { name, path }: Folder) => {
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
  loss: (state, { id }) => {
    const names = [...new Set(id)];
    for (const name of names) requireUnused(state, name);
    return {
      targets: names,
      loses: `This deletes ${plural(names.length, 'worktree')} (${names.join(', ')}); the branches stay, uncommitted work is kept under refs/drover/archive, ignored files are lost.`,
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
