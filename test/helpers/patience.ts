import { enableCompileCache } from 'node:module';
import { vi } from 'vitest';
import { compiled } from './compiled.ts';

// What tests start from the sources is compiled once, and not by each of thousands of processes.
enableCompileCache(compiled);

// A wait ends as soon as it can; on a machine that is busy with something else that may take more than vitest's second.
const PATIENT = { timeout: 60_000, interval: 20 };
const MARK = Symbol.for('drover tests: waits are patient');
const { waitFor, waitUntil } = vi;
// This runs before each file, in a process that has run others.
if (!(MARK in vi)) {
  Object.assign(vi, { [MARK]: true });
  const patient = <T extends object>(options?: T | number): (T & typeof PATIENT) | number =>
    typeof options === 'number' ? options : { ...PATIENT, ...(options as T) };
  vi.waitFor = (condition, options) => waitFor(condition, patient(options));
  vi.waitUntil = (condition, options) => waitUntil(condition, patient(options));
}
