import { z } from 'zod';
import { ALLOWS, HARMLESS } from './setting-power.ts';

const usd = z.number().min(0);

/** The price of a model. A kind of token without a price is of unknown cost, never free. */
export const priceSchema = z.strictObject({
  input: usd.describe('US dollars for a million tokens of input').meta(HARMLESS),
  output: usd.describe('The same for output').meta(HARMLESS),
  cache_read: usd.optional().describe('The same for input that was read from a cache').meta(HARMLESS),
  cache_write: usd.optional().describe('The same for input that was written to a cache').meta(HARMLESS),
});
export type Price = z.infer<typeof priceSchema>;

const budgetSchema = z
  .strictObject({
    usd: z.number().positive().optional().describe('US dollars that may be used up').meta(HARMLESS),
    tokens: z.number().int().positive().optional().describe('Tokens of all kinds that may be used up').meta(HARMLESS),
  })
  .prefault({});
export type Budget = z.infer<typeof budgetSchema>;

export const budgetsSchema = z
  .strictObject({
    swarm: budgetSchema.describe('For everything that the swarm ever used'),
    instance: budgetSchema.describe('For each instance'),
    task: budgetSchema.describe('For each task, all its runs together'),
    warn_percent: z
      .number()
      .min(1)
      .max(100)
      .default(80)
      .describe('At so much of a budget an alert says so')
      .meta(HARMLESS),
    action: z
      .enum(['warn', 'pause'])
      .default('warn')
      .describe('What happens when a budget is used up: an alert alone, or the agents concerned are paused as well')
      .meta(HARMLESS),
  })
  .prefault({});
export type Budgets = z.infer<typeof budgetsSchema>;

/** Limits on what the processes of one agent may take of the machine. */
export const resourcesSchema = z
  .strictObject({
    memory_mb: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('Memory that all processes of an agent together may take, in megabytes; default: no limit')
      .meta(HARMLESS),
    cpu_percent: z
      .number()
      .positive()
      .optional()
      .describe('Processor time that they may take on average, 100 being one core; default: no limit')
      .meta(HARMLESS),
    cpu_ms: z
      .number()
      .int()
      .min(2000)
      .default(60_000)
      .describe('The time over which that average is taken')
      .meta(HARMLESS),
    action: z
      .enum(['warn', 'pause', 'stop'])
      .default('warn')
      .describe('What happens to an agent beyond a limit: an alert alone, or it is paused or stopped as well')
      .meta(HARMLESS),
  })
  .prefault({});
export type ResourceLimits = z.infer<typeof resourcesSchema>;

/** How much of the machine all instances may have together. */
export const limitsSchema = z
  .strictObject({
    maxInstances: z.number().int().min(1).default(10).describe('How many instances may live at once').meta(ALLOWS),
    checks: z
      .number()
      .int()
      .min(1)
      .max(256)
      .optional()
      .describe(
        'How many checks and gates may run at once on this machine, those of all your swarms together; default: as many as it has processors, at least 2',
      )
      .meta(ALLOWS),
    starts: z
      .number()
      .int()
      .min(1)
      .max(256)
      .optional()
      .describe(
        'How many agents are started at once, the next when one is up; default: twice as many as the machine has processors, at least 8',
      )
      .meta(ALLOWS),
    nice: z
      .number()
      .int()
      .min(0)
      .max(19)
      .default(10)
      .describe('How far agents and checks stand behind you where processors are short, as nice counts it; 0: not')
      .meta(ALLOWS),
    disk_mb: z
      .number()
      .int()
      .min(0)
      .default(512)
      .describe('How many megabytes must be free on the disk of the worktrees before instances are launched; 0: any')
      .meta(ALLOWS),
    memory_mb: z
      .number()
      .int()
      .min(0)
      .default(256)
      .describe(
        'How many megabytes of memory must be available on the machine before instances are launched (Linux); 0: any',
      )
      .meta(ALLOWS),
  })
  .prefault({});
