import { z } from 'zod';
import { ALLOWS } from './setting-power.ts';

/** How far a program is shut in; each one closes more than the one before it. */
const SANDBOX_MODES = ['off', 'worktree', 'strict'] as const;
export type SandboxMode = (typeof SANDBOX_MODES)[number];

const SANDBOX_NEEDS = ['if-available', 'required'] as const;
export type SandboxNeed = (typeof SANDBOX_NEEDS)[number];

/** What an agent or a run profile says of it for itself. */
export const ownSandboxSchema = z
  .enum(SANDBOX_MODES)
  .optional()
  .describe('How far it is shut in, instead of what sandbox.mode says');

export const sandboxSchema = z
  .strictObject({
    mode: z
      .enum(SANDBOX_MODES)
      .default('off')
      .describe(
        'How far agents are shut in; worktree: they write in their own worktree alone, with a git folder and a home of their own, and see no keys and no other worktree; strict: nor your checkout, nor a network; off: as any program of yours',
      ),
    need: z
      .enum(SANDBOX_NEEDS)
      .default('if-available')
      .describe(
        'Where a machine has no sandbox; required: an agent that is to be in one is not started, if-available: it is started without, and that is told',
      ),
  })
  .meta(ALLOWS)
  .prefault({});
