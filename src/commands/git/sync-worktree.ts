import { z } from 'zod';
import { type Context, defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import {
  directionParam,
  drawSync,
  foreseesPush,
  pushLoss,
  SYNC_MODIFIERS,
  syncAll,
  syncDataSchema,
} from './syncing.ts';
import { folderNamed, foldersOf, INTEGRATION } from './worktree-rows.ts';

/** The worktrees of these names; without names all but the one in which batches are put together. */
const foldersNamed = async (context: Context, names: readonly string[] | undefined) => {
  const { ours } = await foldersOf(context);
  const folders = names
    ? [...new Set(names)].map((name) => folderNamed(ours, name))
    : ours.filter(({ name }) => name !== INTEGRATION);
  return { folders, branches: folders.flatMap(({ branch }) => branch ?? []) };
};

export const syncWorktree = defineCommand({
  verb: 'sync',
  noun: 'worktree',
  summary: 'Bring worktrees up to date with their base, only where that is safe',
  example: 'sync worktree rehearsal-1',
  role: 'operator',
  modifiers: SYNC_MODIFIERS,
  target: 'required',
  reads: false,
  effects: 'merges the base into their branches, or rebases them; pushes these only where that is said',
  params: z.object({
    id: idsParam.optional().describe('Their names'),
    scope: z.literal('all').optional().describe('all worktrees of the swarm'),
    direction: directionParam,
  }),
  result: syncDataSchema,
  asks: async (context, { id, direction }, modifiers) =>
    pushLoss(context, (await foldersNamed(context, id)).branches, { direction, modifiers }),
  foresees: (_standing, { direction }, modifiers) => foreseesPush({ direction, modifiers }),
  unsure: () => true,
  run: async (context, { id, direction }, modifiers) => {
    const { folders, branches } = await foldersNamed(context, id);
    const targets = folders.map((folder) => ({ folder, branch: folder.branch }));
    return syncAll(context, { targets, direction, modifiers, pushes: branches, named: id !== undefined });
  },
  draw: drawSync,
});
