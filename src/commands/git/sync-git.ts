import { z } from 'zod';
import { defineCommand } from '../define.ts';
import {
  directionParam,
  drawSync,
  foreseesPush,
  pushLoss,
  SYNC_MODIFIERS,
  syncAll,
  syncDataSchema,
} from './syncing.ts';
import { foldersOf, INTEGRATION } from './worktree-rows.ts';

export const syncGit = defineCommand({
  verb: 'sync',
  noun: 'git',
  summary:
    'Bring every clean worktree at rest up to date with its base; with upstream, what that has elsewhere is fetched first',
  example: 'git sync',
  role: 'operator',
  modifiers: SYNC_MODIFIERS,
  target: 'none',
  reads: false,
  effects:
    'merges the base into the branches of clean worktrees at rest, or rebases them; pushes only where that is said',
  params: z.object({ direction: directionParam }),
  result: syncDataSchema,
  asks: (context, { direction }, modifiers) =>
    pushLoss(context, [context.settings.branches.integration], { direction, modifiers }),
  foresees: (_standing, { direction }, modifiers) => foreseesPush({ direction, modifiers }),
  unsure: () => true,
  run: async (context, { direction }, modifiers) => {
    const { ours } = await foldersOf(context);
    const targets = ours
      .filter(({ name }) => name !== INTEGRATION)
      .map((folder) => ({ folder, branch: folder.branch }));
    const pushes = [context.settings.branches.integration];
    return syncAll(context, { targets, direction, modifiers, pushes, named: false });
  },
  draw: drawSync,
});
