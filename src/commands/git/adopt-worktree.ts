import { basename } from 'node:path';
import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { worktreeSchema } from '../../text/worktree-row.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import { defineCommand } from '../define.ts';
import { notAWorktree, worktreeExists } from '../errors.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { absolute } from '../plans/places.ts';
import { idsParam, requireOne } from '../selection.ts';
import { requireName } from './worktree-name.ts';
import { foldersOf, lookInto } from './worktree-rows.ts';

export const adoptWorktree = defineCommand({
  verb: 'adopt',
  noun: 'worktree',
  summary: 'Take a worktree that was made with "git worktree add" into the care of the swarm, where it lies',
  example: 'adopt worktree "../hotfix"',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'worktree',
  reads: false,
  effects: 'notes a name for the worktree; its files and its branch stay as they are',
  params: z.object({
    id: idsParam.describe('Its folder'),
    name: z.string().optional().describe('What it is called from now on; without it, as its folder'),
  }),
  result: worktreeSchema,
  names: 'files',
  run: async (context, { id, name: wanted }) => {
    const { git } = context;
    const path = await git.place(absolute(context, requireOne(id, 'worktree')));
    const { ours } = await foldersOf(context);
    const known = ours.find((one) => one.path === path);
    // This very request may have named it.
    if (known && begunBefore(context)?.get(known.name) !== path) throw worktreeExists({ name: known.name, path });
    const found = (await git.worktrees()).find((one) => one.path === path);
    if (!found || path === git.root) throw notAWorktree({ path });
    const name = wanted ?? basename(path);
    requireName(name);
    const other = ours.find((one) => one.name === name && one.path !== path);
    if (other) throw worktreeExists({ name, path: other.path });
    await noteBegun(context, { [name]: path });
    await git.nameWorktree(path, name);
    const { row } = await lookInto(context, { name, path, branch: found.branch }, await baseCommit(context));
    return {
      message: `Adopted the worktree ${name} at ${path}. It is listed now, and can be cleaned up when it is merged; to keep it: lock worktree ${saidId(name)}`,
      data: row,
      sideEffects: [`worktree ${name} adopted`],
    };
  },
});
