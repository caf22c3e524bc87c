import { z } from 'zod';
import { type Context, defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam } from '../selection.ts';
import {
  directionParam,
  drawSync,
  foreseesNamed,
  namedLoss,
  SYNC_MODIFIERS,
  type SyncTarget,
  syncAll,
  syncDataSchema,
} from './syncing.ts';
import { foldersOf, INTEGRATION } from './worktree-rows.ts';

/** The branches, each with the worktree of the swarm that has it checked out. */
const branchTargets = async (context: Context, names: readonly string[]): Promise<SyncTarget[]> => {
  const { ours } = await foldersOf(context);
  const known = (await context.git.branches()).map(({ branch }) => branch);
  return [...new Set(names)].map((branch) => {
    if (!known.includes(branch)) throw notFound({ noun: 'branch', id: branch, known });
    return { folder: ours.find((one) => one.branch === branch) ?? null, branch };
  });
};

/** These names once each; without names those that a worktree of the swarm has checked out, but for the integration branch. */
const namesMeant = async (context: Context, names: readonly string[] | undefined): Promise<readonly string[]> => {
  if (names) return [...new Set(names)];
  const { ours } = await foldersOf(context);
  return ours.flatMap(({ name, branch }) => (name === INTEGRATION || branch === null ? [] : [branch]));
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
  params: z.object({
    id: idsParam.optional().describe('Their names'),
    scope: z.literal('all').optional().describe('all branches that a worktree of the swarm has checked out'),
    direction: directionParam,
  }),
  result: syncDataSchema,
  asks: async (context, { id, direction }, modifiers) =>
    namedLoss(context, await namesMeant(context, id), { direction, modifiers }),
  foresees: (standing, { id = [], direction }, modifiers) => foreseesNamed(standing, id, { direction, modifiers }),
  unsure: () => true,
  run: async (context, { id, direction }, modifiers) => {
    const names = await namesMeant(context, id);
    const targets = await branchTargets(context, names);
    return syncAll(context, { targets, direction, modifiers, pushes: names, named: id !== undefined });
  },
  draw: drawSync,
});
