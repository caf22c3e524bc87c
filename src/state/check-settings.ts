import { z } from 'zod';
import { patternSchema } from './pattern-schema.ts';
import { HARMLESS, RUNS } from './setting-power.ts';
import { variablesSchema } from './variables-schema.ts';

const duration = z.number().int().positive();

const coverageSchema = z.strictObject({
  minimum: z.number().min(0).max(100).describe('What is below has failed, in per cent'),
  pattern: patternSchema
    .refine((text) => /\((?!\?)|\(\?</u.test(text), 'the number must be in parentheses')
    .optional()
    .describe(
      'Regular expression with the number in its first parentheses; the last place where it matches counts. Without it: the last number before a % sign',
    ),
});

/** A command that judges merges before they are published. */
const gateSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,29}$/u, 'the name of a gate is at most 30 letters, digits, "-" and "_"')
    .describe('What it is called in reports and failures: tests, lint, types, coverage'),
  command: z.string().min(1).describe('Shell command that must succeed'),
  timeout_ms: duration.optional().describe('What takes longer has failed; without it checks.timeout_ms'),
  coverage: coverageSchema.optional().describe('The coverage that it must print at least'),
});
export type GateSettings = z.infer<typeof gateSchema>;

export const checksSchema = z
  .strictObject({
    task: z
      .string()
      .optional()
      .describe('Shell command that must succeed in the worktree before a task counts as done')
      .meta(RUNS),
    merge: z
      .string()
      .optional()
      .describe('Shell command that must succeed on merges, before the gates; without it the checks of their tasks')
      .meta(RUNS),
    gates: z
      .array(gateSchema)
      .default([])
      .describe('What else must succeed on merges before they are published, in this order')
      .meta(RUNS),
    retries: z
      .number()
      .int()
      .min(0)
      .max(3)
      .default(1)
      .describe('How often a gate that failed is repeated before that counts; when it passes then it is called flaky')
      .meta(HARMLESS),
    timeout_ms: duration.default(600_000).describe('A check that takes longer has failed').meta(HARMLESS),
    env: variablesSchema
      .describe('Variables added to the environment of checks and gates; secret:name stands for a secret of yours')
      .meta(RUNS),
    pass_env: z
      .array(z.string())
      .default([])
      .describe(
        'Names of variables that checks and gates may see of the environment that Drover was started in, beside those that every agent sees',
      )
      .meta(RUNS),
  })
  .prefault({});
