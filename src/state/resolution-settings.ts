import { z } from 'zod';
import { RUNS } from './setting-power.ts';

const HOWS = ['merge', 'ours', 'theirs', 'union', 'json', 'regenerate', 'hand-over'] as const;

const pathRuleSchema = z.strictObject({
  path: z.string().min(1).describe('A file, as a pattern like those of a .gitignore: CHANGELOG.md, docs/**/*.json'),
  how: z
    .enum(HOWS)
    .describe(
      'merge: line by line, blanks passed over; ours: what is merged already stands; theirs: the branch stands; union: the lines of both; json: key by key; regenerate: a program makes it anew; hand-over: never by itself',
    ),
  command: z
    .string()
    .min(1)
    .optional()
    .describe('With regenerate: the shell command, where it is not the usual one for a lock file of that name'),
});
/** What is done where branches conflict in some files. */
export type PathRule = z.infer<typeof pathRuleSchema>;
export type How = PathRule['how'];

/** What the settings say of conflicts. */
export const resolutionShape = {
  resolve: z
    .array(pathRuleSchema)
    .default([])
    .describe(
      'What is done with files in which branches conflict; the last rule for a file decides. Without one, JSON is merged key by key, lists like CHANGELOG.md and .gitignore line by line',
    )
    .meta(RUNS),
};
