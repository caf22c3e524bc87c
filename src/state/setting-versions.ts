import { z } from 'zod';

/** A change of the repository's file of settings. */
export const settingVersionSchema = z.object({
  version: z.number().int().min(1),
  at: z.iso.datetime().describe('When it was written, or found'),
  by: z.string().nullable().describe('Who said the change; null where somebody changed the file otherwise'),
  change: z.string().describe('What was changed, in words'),
});
export type SettingVersion = z.infer<typeof settingVersionSchema>;
