import { z } from 'zod';

export const TRIAL_STRATEGIES = ['ours', 'theirs', 'union', 'agent'] as const;
export type TrialStrategy = (typeof TRIAL_STRATEGIES)[number];

const row = z.object({
  fixture: z.string().describe('The file in which two branches conflict'),
  strategy: z.enum(TRIAL_STRATEGIES),
  outcome: z
    .enum(['by itself', 'resolved', 'handed over'])
    .describe('by itself: without the strategy; resolved: by it; handed over: a person has to'),
  how: z.string(),
});

export const conflictTrialSchema = z.object({
  rows: z.array(row),
  markers: z.number().int().describe('Commits with the marker of a conflict; there must be none'),
});
/** What became of conflicts that were made on purpose, by strategy. */
export type ConflictTrial = z.infer<typeof conflictTrialSchema>;
