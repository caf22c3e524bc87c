import { vi } from 'vitest';

// A wait ends as soon as it can; on a machine that is busy with something else that may take more than vitest's second.
const PATIENT = { timeout: 30_000, interval: 20 };
const { waitFor, waitUntil } = vi;
vi.waitFor = (condition, options = PATIENT) => waitFor(condition, options);
vi.waitUntil = (condition, options = PATIENT) => waitUntil(condition, options);
