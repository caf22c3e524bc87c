import { z } from 'zod';
import { type Context, defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam } from '../selection.ts';
import {
  directionParam,
  drawSync,
  pushLoss,
  SYNC_MODIFIERS,
  type SyncTarget,
  syncAll,
  syncDataSchema,
} from './syncing.ts';
import { foldersOf } from './worktree-rows.ts';

/** The branches, each with the worktree of the swarm that has it checked out. */
export const branchTargets = async (context: Context, names: readonly string[]): Promise<SyncTarget[]> => {
  const { ours } = await foldersOf(context);
  const known = (await context.git.branches()).map(({ branch }) => branch);
  return [...new Set(names)].map((branch) => {
    if (!known.includes(branch)) throw notFound({ noun: 'branch', id: branch, known });
    return { folder: ours.find((one) => one.branch === branch) ?? null, branch };
  });
};

export const syncBranch = defineCommand({
  verb: 'sync',
  noun: 'branch',
  summary: 'Bring branches up to date with the base, in their worktrees where they have one, only where that is safe',
  example: 'git sync branch feature/parallel-dev',
  role: 'operator',
  modifiers: SYNC_MODIFIERS,
  target: 'required',
  reads: false,
  effects: 'merges the base into these branches, or rebases them; pushes these only where that is said',
  params: z.object({ id: idsParam.describe('Their names'), direction: directionParam }),
  result: syncDataSchema,
  asks: (context, { id, direction }, modifiers) => pushLoss(context, id, { direction, modifiers }),
  run: async (context, { id, direction }, modifiers) => {
    const targets = await branchTargets(context, id);
    return syncAll(context, { targets, direction, modifiers, pushes: [...new Set(id)], named: true });
  },
  draw: drawSync,
});
