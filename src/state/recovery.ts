import { z } from 'zod';
import { FAILURE_CLASSES } from './failure-classes.ts';

/**
 * How it goes on with a run whose program is gone or hangs. `next` is what happens now: its program is started again
 * when `due` has come, a person has to say so, the task goes elsewhere, or it is told to go on as soon as it takes
 * prompts; null while it is at work again.
 */
export const recoverySchema = z.object({
  task: z.string(),
  class: z.enum(FAILURE_CLASSES),
  message: z.string(),
  /** How often its program has failed at this task, and after how many times it is given up. */
  tries: z.number().int(),
  most: z.number().int(),
  /** The program failed before it took a prompt, so its conversation may be what keeps it from starting. */
  unready: z.boolean(),
  next: z.enum(['restart', 'person', 'move', 'go-on']).nullable(),
  due: z.string().nullable(),
});
export type Recovery = z.infer<typeof recoverySchema>;
