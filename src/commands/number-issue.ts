import { z } from 'zod';

/** The number in a schema that may be left out. */
const numberIn = (schema: unknown): z.ZodNumber | undefined => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return numberIn(schema.unwrap());
  return schema instanceof z.ZodNumber ? schema : undefined;
};

/** A bound that somebody has set; a whole number is bounded by what a number of the language holds as well. */
const isBound = (value: number | null): value is number => value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER;

const rangeOf = ({ minValue, maxValue }: z.ZodNumber): string => {
  if (isBound(minValue)) return isBound(maxValue) ? ` from ${minValue} to ${maxValue}` : ` from ${minValue} on`;
  return isBound(maxValue) ? ` up to ${maxValue}` : '';
};

const faultOf = (value: number, { isInt, minValue, maxValue }: z.ZodNumber): string => {
  if (Number.isNaN(value)) return 'no number';
  if (isInt && !Number.isInteger(value)) return 'no whole number';
  if (value < (minValue ?? Number.NEGATIVE_INFINITY)) return 'too small';
  return value > (maxValue ?? Number.POSITIVE_INFINITY) ? 'too large' : 'not taken';
};

/** What is wrong with what was said for a number, and which numbers are taken; undefined where another kind is wanted. */
export const numberIssue = (schema: unknown, said: unknown): string | undefined => {
  const wanted = numberIn(schema);
  if (!wanted || Array.isArray(said)) return undefined;
  const text = String(said);
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return `"${text}" is ${faultOf(value, wanted)}; say a ${wanted.isInt ? 'whole ' : ''}number${rangeOf(wanted)}`;
};
