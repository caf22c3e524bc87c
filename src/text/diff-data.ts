import { z } from 'zod';

/** What `show diff` answers with: how an instance, a task or a branch differs from the commit that it started at. */
export const diffSchema = z.object({
  id: z.string().describe('What was asked for'),
  from: z.string().describe('The commit it is compared with'),
  to: z.string().describe('The commit, or one made of the uncommitted work as well'),
  uncommitted: z.boolean().describe('Work that is not committed is part of it'),
  files: z.array(
    z.object({
      path: z.string(),
      insertions: z.number().int().nullable().describe('null where it is not text'),
      deletions: z.number().int().nullable(),
    }),
  ),
  patch: z.string().describe('Unified, as git prints it'),
  cut: z.boolean().describe('The patch was too long, and its end is missing'),
});
export type DiffData = z.infer<typeof diffSchema>;
