import { defineError } from '../lib/errors.ts';

export const targetLost = defineError('machine/lost', 1, (p: { host: string; why: string }) => ({
  message: `the connection to the machine "${p.host}" is gone: ${p.why}`,
  hint: 'What runs there goes on by itself. To connect again end the daemon, "drover daemon stop"; the next command starts it.',
}));

export const targetUnclear = defineError('machine/unclear', 1, (p: { host: string }) => ({
  message: `the machine "${p.host}" answered with something that is no answer`,
  hint: 'Install the same version of Drover there, and let its shell print nothing when it starts.',
}));
