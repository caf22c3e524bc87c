import { z } from 'zod';
import { HARMLESS } from './setting-power.ts';

/** How what is missing is brought in. */
const SYNC_METHODS = ['merge', 'rebase'] as const;
export type SyncMethod = (typeof SYNC_METHODS)[number];

export const syncResultSchema = z.object({
  worktree: z.string().nullable().describe('null: a branch that no worktree of the swarm has checked out'),
  branch: z.string().nullable(),
  status: z
    .enum(['updated', 'current', 'skipped', 'conflict'])
    .describe('current: nothing was missing; skipped: see the reason; conflict: nothing was changed there'),
  reason: z.string().nullable().describe('Why it was skipped'),
  ahead: z.number().int().describe('Commits that the base has not, afterwards'),
  behind: z.number().int().describe('Commits of the base that are missing, afterwards'),
  applied: z.number().int().describe('Commits of the base that were brought in'),
  conflicts: z.array(z.string()).describe('The files that conflict'),
  from: z.string().describe('The commit before'),
  to: z.string().describe('The commit afterwards'),
});
/** What became of bringing a worktree up to date with its base. */
export type SyncResult = z.infer<typeof syncResultSchema>;

export const syncSchema = z
  .strictObject({
    policy: z
      .enum(['auto', 'tell', 'off'])
      .default('auto')
      .describe(
        'What happens when the integration branch has moved; auto: clean worktrees whose agents rest or wait are brought up to date; tell: the agents at work are told as well, in one line; off: nothing, until somebody says "sync git"',
      )
      .meta(HARMLESS),
    method: z
      .enum(SYNC_METHODS)
      .default('merge')
      .describe('How what is missing comes in where the command does not say; rebase gives the commits new ids')
      .meta(HARMLESS),
  })
  .prefault({});
