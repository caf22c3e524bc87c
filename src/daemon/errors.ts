import { defineError } from '../lib/errors.ts';

export const badConfiguration = defineError(
  'config/invalid',
  2,
  (p: { file: string; line: number | null; issue: string; hint: string }) => ({
    message: `${p.file}${p.line === null ? '' : `:${p.line}`}: ${p.issue}.`,
    hint: p.hint,
  }),
);

export const notInstalled = defineError(
  'agents/not-installed',
  3,
  (p: { agent: string; program: string; install: string }) => ({
    message: `The program of ${p.agent}, "${p.program}", is not in PATH.`,
    hint: p.install,
  }),
);

export const rehearsalFailed = defineError('rehearsal/failed', 1, (p: { why: string }) => ({
  message: `The test swarm did not finish: ${p.why}.`,
  hint: 'Run "drover rehearse" in a terminal to see more.',
}));
