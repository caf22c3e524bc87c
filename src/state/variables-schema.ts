import { z } from 'zod';

const MARK = 'secret:';
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/u;

/** The secret that a value of a setting stands for: `secret:github` for `github`; undefined for any other value. */
export const secretNamed = (value: string): string | undefined => {
  const name = value.slice(MARK.length);
  return value.startsWith(MARK) && NAME.test(name) ? name : undefined;
};

// A name that cannot be one would be handed on as it stands: the program would get the words, and nobody would hear of it.
const variable = z
  .string()
  .refine(
    (value) => !value.startsWith(MARK) || secretNamed(value) !== undefined,
    'it begins like a secret, but the name of a secret has small letters, digits, ".", "_" and "-", 64 at most, as in secret:test-database',
  );

/** Variables that the settings give to programs, by their names; a value may stand for a secret. */
export const variablesSchema = z.record(z.string(), variable).default({});
