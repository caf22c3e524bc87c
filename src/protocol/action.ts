import { z } from 'zod';

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** What a command text means. Two texts that mean the same give equal verb, noun, modifiers and parameters. */
export const structuredActionSchema = z.strictObject({
  verb: z.string(),
  noun: z.string(),
  modifiers: z.array(z.string()),
  parameters: z.record(z.string(), value),
  text: z.string().optional(),
  timestamp: z.string(),
  source_instance: z.string(),
  correlation_id: z.string(),
});
/** One command as it is understood: what `drover parse --json` prints. */
export type StructuredAction = z.infer<typeof structuredActionSchema>;

/** The part of an action that the text of a command decides. */
export type Meaning = Pick<StructuredAction, 'verb' | 'noun' | 'modifiers' | 'parameters'>;

/** The value of a parameter. */
export type Value = Meaning['parameters'][string];

/** What `--json` prints of a command that was carried out. */
export const actionResultSchema = z.strictObject({
  success: z.boolean(),
  message: z.string(),
  data: z.unknown(),
  /** Milliseconds. */
  execution_time: z.number(),
  side_effects: z.array(z.string()),
  correlation_id: z.string(),
});
/** The answer to a command, as a program reads it. */
export type ActionResult = z.infer<typeof actionResultSchema>;
