import { z } from 'zod';
import { reviewSchema } from '../state/reviews.ts';
import { TASK_STATES } from '../state/tasks.ts';
import { taskCostSchema } from './cost-rows.ts';

const proof = z.object({
  kind: z
    .enum(['test', 'check', 'word'])
    .describe(
      'test: a test that was added names it; check: so does the output of the check; word: somebody vouches for it',
    ),
  text: z.string(),
  where: z.string().nullable().describe('File and line of the test, or who says it'),
});
export type Proof = z.infer<typeof proof>;

const gate = z.object({
  name: z.string(),
  passed: z.boolean(),
  ms: z.number().nullable(),
  text: z.string().describe('The end of what it printed, or why it failed'),
  output: z.string().nullable().describe('The end of what it printed where it failed; null where it printed nothing'),
});

/** What `review task` answers with. */
export const reviewDataSchema = z.object({
  task: z.string(),
  title: z.string(),
  state: z.enum(TASK_STATES),
  batch: z.string().nullable(),
  author: z.string(),
  attempt: z.number().int(),
  branch: z.string(),
  from: z.string().describe('The commit that the work was built on'),
  to: z.string().describe('The commit that is looked at'),
  beyond: z
    .string()
    .nullable()
    .describe(
      'Where its branch is by now, where that is another commit: one that no check has seen and no merge takes',
    ),
  claim: z.string().nullable().describe('What the agent says of it; nobody has checked that'),
  gates: z.array(gate).describe('What ran on it, in order'),
  cost: taskCostSchema,
  criteria: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      evidence: z.array(proof).describe('What shows that it is met; nothing of it is the word of who did the work'),
    }),
  ),
  others: z.array(z.string()).describe('Instances that may be asked for evidence: they did not do the work'),
  files: z.array(
    z.object({
      path: z.string(),
      insertions: z.number().int().nullable().describe('null where it is not text'),
      deletions: z.number().int().nullable(),
      content: z.string().describe('Names what the file holds now'),
      seen: z.boolean().describe('Somebody has looked at it as it is now'),
    }),
  ),
  review: reviewSchema,
  approved: z.boolean().describe('Somebody has approved this very commit'),
  policy: z.enum(['none', 'before-merge']),
  folder: z.string().nullable().describe('The worktree that has the branch checked out'),
  patch: z.string().nullable().describe('With detailed: the change as git prints it'),
  cut: z.boolean().describe('The patch was too long, and its end is missing'),
});
export type ReviewData = z.infer<typeof reviewDataSchema>;
