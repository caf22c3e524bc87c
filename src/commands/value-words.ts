import { z } from 'zod';

/** Parameters that the grammar fills, so that nobody says them with a name. */
const UNNAMED = new Set(['id', 'scope', 'op', 'state']);

/** The words that a schema takes; none where it takes anything else. */
const wordsOf = (schema: unknown): readonly string[] => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return wordsOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(wordsOf);
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  return schema instanceof z.ZodBoolean ? ['true', 'false'] : [];
};

/** The words that the parameters of a command choose from, by the names of those that do. */
export const valueWordsOf = ({ shape }: z.ZodObject): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(shape)
      .map(([name, schema]) => [name, [...new Set(wordsOf(schema))]] as const)
      .filter(([name, words]) => words.length > 0 && !UNNAMED.has(name)),
  );
