import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeJson } from '../../src/merge/json.ts';

const written = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const merge = (base: unknown, ours: unknown, theirs: unknown): unknown => {
  const text = mergeJson({ base: written(base), ours: written(ours), theirs: written(theirs) });
  return text === undefined ? undefined : JSON.parse(text);
};

test('neighbours that both sides added stand beside each other, in the order and look of ours', () => {
  const base = '{\n\t"name": "x",\n\t"dependencies": { "b": "1" }\n}\n';
  const ours = '{\n\t"name": "x",\n\t"dependencies": { "b": "1", "z": "9" },\n\t"type": "module"\n}\n';
  const theirs = '{\n\t"name": "x",\n\t"dependencies": { "b": "2", "a": "1" }\n}\n';
  const merged = mergeJson({ base, ours, theirs })!;
  expect(JSON.parse(merged)).toEqual({ name: 'x', dependencies: { b: '2', z: '9', a: '1' }, type: 'module' });
  expect(Object.keys(JSON.parse(merged))).toEqual(['name', 'dependencies', 'type']);
  expect(merged).toContain('\t"name": "x",\n');
  expect(merged.endsWith('}\n')).toBe(true);
});

test('what both changed differently, or one changed and the other took away, is a conflict', () => {
  expect(merge({ v: '1' }, { v: '2' }, { v: '3' })).toBeUndefined();
  expect(merge({ v: '1' }, {}, { v: '3' })).toBeUndefined();
  expect(merge({ v: { a: 1 } }, { v: { a: 1, b: 1 } }, {})).toBeUndefined();
  expect(merge({ list: [1] }, { list: [1, 2] }, { list: [1, 3] })).toBeUndefined();
  expect(merge({ args: ['a'] }, { args: ['a', 'b'] }, { args: ['a', 'c'] })).toBeUndefined();
});

test('lists that are sets take what both added; one from which something was taken is a conflict', () => {
  expect(merge({ files: ['a'] }, { files: ['a', 'b'] }, { files: ['a', 'c', 'b'] })).toEqual({
    files: ['a', 'b', 'c'],
  });
  expect(merge({ files: ['a', 'x'] }, { files: ['a', 'b'] }, { files: ['a', 'x', 'c'] })).toBeUndefined();
});

test.each([
  ['not JSON', '{ "a": 1, }'],
  ['with comments', '// x\n{ "a": 1 }'],
  ['a key said twice', '{ "a": 1, "a": 2 }'],
  ['a number that JavaScript does not know', '{ "a": 12345678901234567890 }'],
  ['deeper than anybody writes', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`],
])('a text that is %s is left to others', (_name, text) => {
  const other = text.replace('1', '7');
  expect(mergeJson({ base: '{ "a": 3 }', ours: text, theirs: other })).toBeUndefined();
});

test('a key that is called like something of JavaScript is a key like any other', () => {
  const theirs = '{\n  "a": 1,\n  "__proto__": {\n    "x": 1\n  }\n}\n';
  const merged = mergeJson({ base: written({ a: 1 }), ours: written({ a: 2 }), theirs: theirs })!;
  expect(merged).toContain('"__proto__"');
  expect(merged).toContain('"a": 2');
});

const value = fc.jsonValue({ maxDepth: 3 });
const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), value, { maxKeys: 4 });

test('one side that did nothing leaves the other as it is, and equal sides are that side', () => {
  fc.assert(
    fc.property(fields, fields, (base, side) => {
      const same = JSON.parse(written(side)) as unknown;
      const clean = JSON.parse(written(base)) as unknown;
      expect(merge(clean, same, clean)).toEqual(same);
      expect(merge(clean, clean, same)).toEqual(same);
      expect(merge(clean, same, same)).toEqual(same);
    }),
  );
});

test('whichever side is ours, the same is merged or nothing is, and no key that one side alone touched is lost', () => {
  fc.assert(
    fc.property(fields, fields, fields, (...sides) => {
      const [base, ours, theirs] = sides.map((side) => JSON.parse(written(side)) as Record<string, unknown>);
      const merged = merge(base, ours, theirs) as Record<string, unknown> | undefined;
      expect(merge(base, theirs, ours)).toEqual(merged);
      if (!merged) return;
      for (const key of new Set([base!, ours!, theirs!].flatMap(Object.keys))) {
        const [was, mine, yours] = [base, ours, theirs].map((side) => JSON.stringify(side![key]));
        if (mine === was) expect(JSON.stringify(merged[key])).toBe(yours);
        else if (yours === was) expect(JSON.stringify(merged[key])).toBe(mine);
      }
    }),
  );
});

test('a document that nobody formatted keeps its look', () => {
  fc.assert(
    fc.property(fields, fields, (base, theirs) => {
      const ours = JSON.stringify({ ...base, z: 1 });
      const merged = mergeJson({ base: JSON.stringify(base), ours, theirs: JSON.stringify(theirs) });
      expect(merged).toBeDefined();
      expect(JSON.parse(merged!)).toEqual({ ...(JSON.parse(JSON.stringify(theirs)) as object), z: 1 });
    }),
  );
});
