import { defineError } from '../lib/errors.ts';

export const unknownEvent = defineError('state/unknown-event', 1, (p: { what: string; issue: string }) => ({
  message: `${p.what} in the journal cannot be read: ${p.issue}`,
  hint: 'It was probably written by a newer Drover: install that version or a later one.',
}));
