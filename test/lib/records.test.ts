import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editRecords, type Records, valuesOf } from '../../src/lib/records.ts';

/** More than are copied. */
const MANY = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`r${n}`, n]));
const FEW = { r1: 1, 7: 2 };

type Change = readonly [key: string, value: number | null];

/** The next version, as it is made of an object by copying all of it. */
const copied = (records: Records<number>, changes: readonly Change[]): Records<number> => {
  const copy: Record<string, number> = { ...records };
  for (const [key, value] of changes)
    if (value === null) delete copy[key];
    else copy[key] = value;
  return copy;
};

const edited = (records: Records<number>, changes: readonly Change[]): Records<number> => {
  const editor = editRecords(records);
  for (const [key, value] of changes)
    if (value === null) editor.remove(key);
    else editor.put(key, value);
  return editor.records;
};

/** All ways in which somebody may look at records. */
const looks = (records: Records<number>) => ({
  json: JSON.stringify(records),
  keys: Object.keys(records),
  entries: Object.entries(records),
  values: valuesOf(records),
  spread: Object.entries({ ...records }),
  each: (() => {
    const met: string[] = [];
    for (const key in records) met.push(key);
    return met;
  })(),
});

const KEYS = ['r0', 'r1', 'r599', 'new', '7', '10', '007', '4294967295', 'constructor', 'family', 'toString'];
const change = fc.tuple(
  fc.oneof(
    fc.constantFrom(...KEYS),
    fc.nat(700).map((n) => `r${n}`),
  ),
  fc.option(fc.nat(9)),
);
/** Each version comes of one of those before it, not always of the last. */
const history = fc.array(fc.tuple(fc.nat(20), fc.array(change, { maxLength: 12 })), { maxLength: 20 });

test.each([
  ['many', MANY],
  ['few', FEW],
])('%s records look in each version as if all of them were copied for it, in the same order', (_, first) => {
  fc.assert(
    fc.property(history, (steps) => {
      const versions: [records: Records<number>, copy: Records<number>][] = [[first, first]];
      for (const [from, changes] of steps) {
        const [records, copy] = versions[Math.min(from, versions.length - 1)]!;
        versions.push([edited(records, changes), copied(copy, changes)]);
      }
      for (const [records, copy] of versions) {
        expect(looks(records)).toEqual(looks(copy));
        for (const key of KEYS)
          expect([records[key], Object.hasOwn(records, key), key in records]).toEqual([
            copy[key],
            Object.hasOwn(copy, key),
            key in copy,
          ]);
      }
    }),
    { numRuns: 60 },
  );
});

test('records of which most were removed are as few as they look, and none of a version can be changed', () => {
  let records: Records<number> = MANY;
  for (let n = 0; n < 5000; n += 1)
    records = edited(records, [[`one ${n}`, n], ...(n > 0 ? [[`one ${n - 1}`, null] as const] : [])]);
  expect(looks(records)).toEqual(looks({ ...MANY, 'one 4999': 4999 }));
  expect(() => Object.assign(records, { r1: 5 })).toThrow(TypeError);
  expect(() => delete (records as Record<string, number>)['r1']).toThrow(TypeError);
});

const shortest = (count: number): number => {
  let records: Records<number> = Object.fromEntries(Array.from({ length: count }, (_, n) => [`r${n}`, n]));
  records = edited(records, [['r0', 1]]);
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    for (let n = 0; n < 500; n += 1) records = edited(records, [[`r${(n * 97) % count}`, n]]);
    return performance.now() - started;
  });
  return Math.min(...times);
};

test('a change takes what is changed and not what there is', () => {
  shortest(1000);
  // Copying would take sixty times as long; what it takes grows by a level for each thirty-two times as many.
  expect(shortest(60_000) / shortest(1000)).toBeLessThan(12);
});
