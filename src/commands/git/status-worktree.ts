import type { Command } from '../define.ts';
import { listWorktree } from './list-worktree.ts';

/** "list worktrees", asked for in another word. */
export const statusWorktree: Command = {
  ...listWorktree,
  verb: 'status',
  summary: 'Which worktrees have uncommitted work, and how far each is from the base branch',
  example: 'status worktrees',
  later: { modifiers: ['health', 'visual'], parameters: ['timeout'] },
};
