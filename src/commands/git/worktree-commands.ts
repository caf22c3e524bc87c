import type { Command } from '../define.ts';
import { adoptWorktree } from './adopt-worktree.ts';
import { cleanWorktree } from './clean-worktree.ts';
import { createWorktree } from './create-worktree.ts';
import { listRef } from './list-ref.ts';
import { listWorktree } from './list-worktree.ts';
import { lockWorktree } from './lock-worktree.ts';
import { moveWorktree } from './move-worktree.ts';
import { removeWorktree } from './remove-worktree.ts';
import { repairWorktree } from './repair-worktree.ts';
import { restoreRef } from './restore-ref.ts';
import { restoreWorktree } from './restore-worktree.ts';
import { setupWorktree } from './setup-worktree.ts';
import { showWorktree } from './show-worktree.ts';
import { statusWorktree } from './status-worktree.ts';
import { syncWorktree } from './sync-worktree.ts';
import { treeWorktree } from './tree-worktree.ts';
import { unlockWorktree } from './unlock-worktree.ts';

/** What is said of worktrees, and of what agents changed in them past their guard. */
export const worktreeCommands: readonly Command[] = [
  listWorktree,
  showWorktree,
  statusWorktree,
  treeWorktree,
  createWorktree,
  setupWorktree,
  syncWorktree,
  lockWorktree,
  unlockWorktree,
  removeWorktree,
  restoreWorktree,
  cleanWorktree,
  adoptWorktree,
  moveWorktree,
  repairWorktree,
  listRef,
  restoreRef,
];
