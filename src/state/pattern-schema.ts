import { z } from 'zod';
import { readPattern } from '../lib/pattern.ts';

/** A regular expression in the settings: a JavaScript pattern without slashes. */
export const patternSchema = z.string().superRefine((source, { addIssue }) => {
  const read = readPattern(source, 'mu');
  if (typeof read === 'string') addIssue({ code: 'custom', message: `it is no regular expression: ${read}` });
});
