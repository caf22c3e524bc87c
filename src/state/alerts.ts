import { z } from 'zod';
import { reducer } from './reducer.ts';

export const alertSchema = z.object({
  id: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  text: z.string(),
  /** A command line that helps, ready to be run. */
  suggestion: z.string().nullable(),
  instance: z.string().nullable(),
  task: z.string().nullable(),
  raised_at: z.string(),
});
/** Something a person should know. Its id says what it is about, so the same trouble is never there twice. */
export type Alert = z.infer<typeof alertSchema>;
export type Alerts = Readonly<Record<string, Alert>>;

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
