import { z } from 'zod';
import { isRecord } from '../lib/entry.ts';

/** From so many keys that may be missing on it is worth to look at what is there. */
const MANY = 6;
/** Whoever writes ever other keys is checked by the whole schema. */
const MOST_FORMS = 64;

type Parts = {
  /** Those keys of the object, and of the objects in it, by which its forms differ. */
  readonly optional: ReadonlySet<string>;
  readonly inner: ReadonlyMap<string, Parts>;
};

const isPlain = (schema: z.ZodType): schema is z.ZodObject =>
  schema instanceof z.ZodObject && (schema.def.checks ?? []).length === 0;

/** Whether a key may be missing, and is not put there then. */
const leavesNothing = (schema: z.ZodType): boolean => {
  if (!(schema instanceof z.ZodOptional)) return false;
  const nothing = schema.safeParse(undefined);
  return nothing.success && nothing.data === undefined;
};

const partsOf = (schema: z.ZodObject): Parts => {
  const all = Object.entries(schema.shape) as [string, z.ZodType][];
  return {
    optional: new Set(all.filter(([, one]) => leavesNothing(one)).map(([key]) => key)),
    inner: new Map(all.flatMap(([key, one]) => (isPlain(one) ? [[key, partsOf(one)] as const] : []))),
  };
};

const countOf = ({ optional, inner }: Parts): number =>
  [...inner.values()].reduce((sum, one) => sum + countOf(one), optional.size);

/** What of the optional keys is there, as a text that is the same for values of the same form. */
const formOf = ({ optional, inner }: Parts, value: unknown): string => {
  if (!isRecord(value)) return '-';
  let form = '{';
  for (const key of Object.keys(value)) if (optional.has(key)) form += `${key},`;
  for (const [key, parts] of inner) form += formOf(parts, value[key]);
  return `${form}}`;
};

/** The schema without the keys that the value lacks and may lack. */
const narrowed = (schema: z.ZodObject, { optional, inner }: Parts, value: unknown): z.ZodObject => {
  if (!isRecord(value)) return schema;
  const missing: Record<string, true> = {};
  for (const key of optional) if (!Object.hasOwn(value, key)) missing[key] = true;
  const narrow: z.ZodObject = schema.omit(missing);
  const own = [...inner].map(([key, parts]) => [key, narrowed(schema.shape[key] as z.ZodObject, parts, value[key])]);
  return narrow.extend(Object.fromEntries(own));
};

/**
 * Finds for a value a schema that says the same of it as the whole one and does not look for what is not there, which would
 * cost as much as what is.
 */
export const sparseSchema = (schema: z.ZodType): ((value: unknown) => z.ZodType) => {
  const forms = new Map<string, z.ZodType>();
  // Of most types a program meets no event: they are not looked at when it starts.
  let parts: Parts | null | undefined;
  return (value) => {
    if (parts === undefined) {
      const all = isPlain(schema) ? partsOf(schema) : null;
      parts = all && countOf(all) >= MANY ? all : null;
    }
    if (parts === null) return schema;
    const form = formOf(parts, value);
    const known = forms.get(form);
    if (known || forms.size >= MOST_FORMS) return known ?? schema;
    const own = narrowed(schema as z.ZodObject, parts, value);
    forms.set(form, own);
    return own;
  };
};
