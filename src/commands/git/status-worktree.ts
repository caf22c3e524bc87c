import type { Command } from '../define.ts';
import { listWorktree } from './list-worktree.ts';

/** The same records, asked for in the other word. */
export const statusWorktree: Command = {
  ...listWorktree,
  verb: 'status',
  summary: 'Which worktrees have uncommitted work, and how far each is from the base branch',
  example: 'status worktrees',
  later: { modifiers: ['health', 'visual'], parameters: ['timeout'] },
};
