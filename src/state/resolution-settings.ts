import { z } from 'zod';
import { ALLOWS, HARMLESS, RUNS } from './setting-power.ts';

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
  remember: z
    .boolean()
    .default(true)
    .describe(
      'Whether what a person or an agent once made of a conflict is used again where the same lines meet; "forget conflict" takes it back',
    )
    .meta(HARMLESS),
  send_back: z
    .boolean()
    .default(false)
    .describe(
      'Whether work that conflicts, or with which a gate fails, goes back to its agent by itself, which makes it fit on its branch; when that is verified it is merged by itself',
    )
    .meta(ALLOWS),
  send_back_rounds: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(2)
    .describe('How often the work of a task goes back by itself before a person has to look at it')
    .meta(ALLOWS),
};
