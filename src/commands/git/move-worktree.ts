import { z } from 'zod';
import { begunBefore, noteBegun } from '../begun.ts';
import { defineCommand } from '../define.ts';
import { worktreeInUse, worktreesInside } from '../errors.ts';
import { absolute } from '../plans/places.ts';
import { idsParam, requireOne } from '../selection.ts';
import { placedFacts } from './worktree-name.ts';
import { folderNamed, foldersOf, INTEGRATION } from './worktree-rows.ts';
import { assertUnused, holdOn, workIn } from './worktree-use.ts';

export const moveWorktree = defineCommand({
  verb: 'move',
  noun: 'worktree',
  summary: 'Move the folder of a worktree that nothing works in; it keeps its name, its branch and its files',
  example: 'move worktree look-around to "../look-around"',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'worktree',
  reads: false,
  effects: 'moves the folder of the worktree',
  params: z.object({
    id: idsParam.describe('Its name'),
    to: idsParam.describe('The folder that it is to be, where nothing is yet'),
  }),
  result: z.object({ worktree: z.string(), from: z.string(), to: z.string() }),
  unsure: () => true,
  run: async (context, { id, to }) => {
    const { git, paths } = context;
    const { ours } = await foldersOf(context);
    const folder = folderNamed(ours, requireOne(id, 'worktree'));
    const { name } = folder;
    if (name === INTEGRATION)
      throw worktreeInUse({
        name,
        by: 'batches are put together there',
        hint: 'It is made anew where worktrees.folder says: remove worktree "integration"',
      });
    const target = await git.place(absolute(context, requireOne(to, 'folder')));
    if ([paths.root, paths.commonDir].some((outer) => `${target}/`.startsWith(`${outer}/`)))
      throw worktreesInside({ folder: target });
    assertUnused(name, workIn(context.store.state, name) ?? (await holdOn(context, folder)));
    const { instances } = context.store.state;
    const recorded = Object.hasOwn(instances, name) ? instances[name]?.workspace_path : undefined;
    // A daemon that was killed may have moved it, and not recorded that; by this very request it had begun to.
    const before = begunBefore(context)?.get(name) ?? recorded;
    const isMoved = before !== undefined && folder.path === target && (await git.place(before)) !== target;
    const from = isMoved ? before : folder.path;
    await noteBegun(context, { [name]: from });
    await git.nameWorktree(folder.path, name);
    if (!isMoved) await git.moveWorktree(folder.path, target);
    await context.decide((state) => placedFacts(state, name, target));
    return {
      message: `Moved the worktree ${name} to ${target}.`,
      data: { worktree: name, from, to: target },
      sideEffects: [`worktree ${name} moved to ${target}`],
    };
  },
});
