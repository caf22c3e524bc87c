import { z } from 'zod';
import { reducer } from './reducer.ts';

/** What an alert tells of places that a sandbox kept a program from, by why; what is beyond a number is counted alone. */
const keptFromSchema = z.object({
  unlisted: z.array(z.string()),
  own: z.array(z.string()),
  hidden: z.array(z.string()),
  more: z.number().int().nonnegative(),
});
export type KeptFrom = z.infer<typeof keptFromSchema>;

export const alertSchema = z.object({
  id: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  text: z.string(),
  /** A command line that helps, ready to be run. */
  suggestion: z.string().nullable(),
  instance: z.string().nullable(),
  task: z.string().nullable(),
  raised_at: z.string(),
  /** Alerts of earlier releases have them in their text alone. */
  kept_from: keptFromSchema.optional(),
});
/** Something a person should know. Its id says what it is about, so the same trouble is never there twice. */
export type Alert = z.infer<typeof alertSchema>;
export type Alerts = Readonly<Record<string, Alert>>;

/** The alert that nothing is launched because the disk has too little room. */
export const DISK_LOW = 'disk:low';

/** The alert that nothing is launched because little memory is left. */
export const MEMORY_LOW = 'memory:low';

/** The alert about what could not be kept when an instance was stopped or removed. */
export const leftAlertId = (id: string): string => `left:${id}`;

export const alertEvents = {
  'alert.raised': alertSchema.omit({ raised_at: true }),
  'alert.cleared': z.object({ id: z.string(), because: z.string() }),
};

export const reduceAlerts = reducer<Alerts, typeof alertEvents>({
  'alert.raised': (all, alert, at) => ({ ...all, [alert.id]: { ...alert, raised_at: at } }),
  'alert.cleared': (all, { id }) => Object.fromEntries(Object.entries(all).filter(([key]) => key !== id)),
});
