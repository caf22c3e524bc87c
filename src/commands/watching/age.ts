import { z } from 'zod';
import { parseDuration } from '../../lib/duration.ts';

/** Requests that are said again are known by what the journal has of the last hour, so that always stays. */
const LEAST_MS = 3_600_000;

/** How old something is at least that is let go of. Nothing goes unless it is said. */
export const ageParam = z
  .string('say how old, as older=30d')
  .refine((text) => (parseDuration(text) ?? 0) >= LEAST_MS, 'it is a time of an hour or more, like 24h or 30d');
