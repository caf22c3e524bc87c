import { z } from 'zod';

/** The words that a command takes for which ones it is about: `all`, `last`, `next`. */
export const scopeWordsOf = ({ shape }: z.ZodObject): readonly string[] => {
  const { scope } = shape;
  const words = scope instanceof z.ZodOptional ? scope.unwrap() : scope;
  if (words instanceof z.ZodLiteral) return [...words.values].map(String);
  return words instanceof z.ZodEnum ? words.options.map(String) : [];
};
