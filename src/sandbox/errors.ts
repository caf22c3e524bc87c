import { defineError } from '../lib/errors.ts';

/** Whoever asks for a sandbox asks first whether there is one; this is what it would have said. */
export const notOfThisKind = defineError('sandbox/kind', 1, (p: { why: string }) => ({
  message: `nothing is shut in: ${p.why}`,
  hint: 'Set "sandbox.mode", or for checks "sandbox.checks", to "off" on this machine.',
}));
