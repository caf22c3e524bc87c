import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventSchemas } from '../../src/state/model.ts';
import { sparseSchema } from '../../src/state/sparse-schema.ts';

const told = (schema: z.ZodType, value: unknown) => {
  const { success, data, error } = schema.safeParse(value);
  return { success, data: data === undefined ? undefined : JSON.stringify(data), issues: error?.issues };
};

const inner = z.object({
  a: z.string().optional(),
  b: z.number().nullable().optional(),
  c: z.string().default('c'),
  d: z.string(),
  e: z.object({ x: z.boolean() }).optional(),
});
const OUTER = z.object({ id: z.string(), f: z.string().optional(), g: z.unknown(), changes: inner.partial(), inner });

const wild = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.constant(null),
  fc.constant(undefined),
  fc.record({ x: fc.boolean() }),
);
const someOf = (...keys: string[]) => fc.dictionary(fc.constantFrom(...keys, 'other', 'toString'), wild);

test('says of every value what the whole schema says', () => {
  const schemaOf = sparseSchema(OUTER);
  const values = fc
    .tuple(someOf('id', 'f', 'g'), ...[0, 1].map(() => fc.oneof(wild, someOf('a', 'b', 'c', 'd', 'e'))))
    .map(([top, changes, more]) => ({ ...(top as object), changes, inner: more }));
  fc.assert(
    fc.property(fc.oneof(values, wild), (value) => {
      expect(told(schemaOf(value), value)).toEqual(told(OUTER, value));
    }),
    { numRuns: 2000 },
  );
});

test.each(Object.entries(eventSchemas))('says of %s what its own schema says', (_type, schema) => {
  const schemaOf = sparseSchema(schema);
  const keys = Object.keys((schema as z.ZodObject).shape ?? {});
  fc.assert(
    fc.property(someOf(...keys), (value) => {
      expect(told(schemaOf(value), value)).toEqual(told(schema, value));
    }),
    { numRuns: 100 },
  );
});

test('does not look for what is not there, and knows a form again', () => {
  const schemaOf = sparseSchema(eventSchemas['task.edited']);
  const one = schemaOf({ id: 't1', changes: { priority: 'high' } }) as z.ZodObject;
  expect(Object.keys((one.shape['changes'] as z.ZodObject).shape)).toEqual(['priority']);
  expect(schemaOf({ id: 't2', changes: { priority: 'low' } })).toBe(one);
  expect(schemaOf({ id: 't2', changes: { title: 'x' } })).not.toBe(one);
});

test('whoever writes ever other keys is checked by the whole schema', () => {
  const keys = Array.from({ length: 10 }, (_, n) => `k${n}`);
  const whole = z.object(Object.fromEntries(keys.map((key) => [key, z.string().optional()])));
  const schemaOf = sparseSchema(whole);
  const forms = Array.from({ length: 100 }, (_, n) =>
    schemaOf(Object.fromEntries(keys.filter((_key, bit) => (n >> bit) % 2 === 1).map((key) => [key, 'x']))),
  );
  expect(forms.slice(64).every((one) => one === whole)).toBe(true);
  expect(forms[0]).not.toBe(whole);
});
