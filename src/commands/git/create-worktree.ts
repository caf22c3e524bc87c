import { z } from 'zod';
import { isReplaced } from '../../lib/own-place.ts';
import { sparseFolders } from '../../state/swarm-settings.ts';
import { instanceBranch } from '../../state/names.ts';
import { worktreeSchema } from '../../text/worktree-row.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import { type Context, defineCommand } from '../define.ts';
import { linkInPlace, noSuchCommit, worktreeExists } from '../errors.ts';
import { baseCommit, checkSparse, checkWorktreesFolder } from '../instances/launch-facts.ts';
import { idsParam, requireOne } from '../selection.ts';
import { requireName } from './worktree-name.ts';
import { foldersOf, lookInto } from './worktree-rows.ts';

/**
 * The branch for the worktree: the existing one that is asked for, else a new one, made at `from` or the base branch.
 */
const branchFor = async (
  context: Pick<Context, 'git' | 'settings'>,
  name: string,
  { branch, from }: { branch?: string | undefined; from?: string | undefined },
): Promise<string> => {
  const { git } = context;
  if (branch !== undefined && from === undefined && (await git.resolve(`refs/heads/${branch}`)) !== null) return branch;
  const commit = from === undefined ? await baseCommit(context) : await git.resolve(from);
  if (commit === null) throw noSuchCommit({ name: from! });
  await checkSparse(context, commit);
  // A daemon that is killed before anything has it checked out leaves it to the next one, which takes it back.
  return git.createBranch(branch ?? instanceBranch(name), commit, `worktree ${name}`);
};

export const createWorktree = defineCommand({
  verb: 'create',
  noun: 'worktree',
  summary: 'Make a worktree for yourself to work in, beside those of the agents',
  example: 'create worktree look-around from main',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'worktree',
  reads: false,
  effects: 'makes a folder with a checkout under the worktree root, and a branch',
  params: z.object({
    id: idsParam.describe('Its name'),
    branch: z.string().optional().describe('The branch to be checked out there; made when there is none'),
    from: z.string().optional().describe('Where the new branch begins; without it, at the base branch'),
  }),
  result: worktreeSchema,
  unsure: () => true,
  run: async (context, { id, ...where }) => {
    const name = requireOne(id, 'worktree');
    requireName(name);
    const { git, paths } = context;
    const path = await git.place(`${paths.worktrees}/${name}`);
    const known = (await foldersOf(context)).ours.find((one) => one.name === name);
    // This very request may have made it, or half of it.
    if (known && begunBefore(context)?.get(name) !== known.path) throw worktreeExists({ name, path: known.path });
    const itself = `${paths.worktrees}/${name}`;
    if (await isReplaced(git.place, itself)) throw linkInPlace({ path: itself });
    await checkWorktreesFolder(context);
    await noteBegun(context, { [name]: path });
    const branch = known?.branch ?? (await branchFor(context, name, where));
    await git.addWorktree(path, { branch }, sparseFolders(context.settings));
    await git.dropClaim(branch);
    const folder = { name, path, branch };
    await context.setUp(folder, { isNew: known === undefined });
    const { row } = await lookInto(context, folder, await baseCommit(context));
    return {
      message: `Created the worktree ${name} at ${folder.path}, on ${branch}.`,
      data: row,
      sideEffects: [`worktree ${folder.path}`, `branch ${branch}`],
    };
  },
});
