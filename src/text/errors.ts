import { defineError } from '../lib/errors.ts';

export const noHelp = defineError('help/no-topic', 3, (p: { topic: string; meant: string | undefined }) => ({
  message: `There is no help on "${p.topic}".`,
  hint: p.meant === undefined ? 'Say "help" for what there is.' : `Did you mean: help ${p.meant}`,
}));
