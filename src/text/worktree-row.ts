import { z } from 'zod';

/** What `list worktrees` says of one worktree. */
export const worktreeSchema = z.object({
  name: z.string().describe('Its folder among the worktrees of the swarm'),
  path: z.string(),
  kind: z.enum(['instance', 'integration', 'own']).describe('Whose it is; own is one that a person made or adopted'),
  instance: z.string().nullable(),
  instance_state: z.string().nullable(),
  session: z.string().nullable(),
  task: z.string().nullable().describe('What is at work there, or was last'),
  task_state: z.string().nullable(),
  branch: z.string().nullable().describe('null when a commit is checked out without a branch'),
  problem: z
    .string()
    .nullable()
    .describe('Why nobody can look into it; the commit is then that of its branch, and what is uncommitted not known'),
  dirty: z.number().int().describe('Paths with uncommitted work'),
  ahead: z.number().int().describe('Commits that the base branch has not, merges included'),
  behind: z.number().int().describe('Commits of the base branch that are missing there'),
  commit: z.string(),
  committed_at: z.string(),
  subject: z.string(),
});
export type WorktreeRow = z.infer<typeof worktreeSchema>;

/** What is said in few words of a worktree that nobody can look into. */
export const UNREADABLE = '✖ not readable';
