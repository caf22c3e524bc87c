import fc from 'fast-check';
import { stripComments } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { editedSettings } from '../../../src/daemon/config/edit-settings.ts';

describe('a setting is changed in a file that people write', () => {
  test.each([
    ['a value in its place', '{ "a": 1, /* why */ "b": 2 }', 'b', 3, '{ "a": 1, /* why */ "b": 3 }'],
    ['one more on a line', '{ "l": { "a": 1 } }', 'l.b', 2, '{ "l": { "a": 1, "b": 2 } }'],
    ['the first one', '{}\n', 'a.b', 'x', '{\n  "a": {\n    "b": "x"\n  }\n}\n'],
    ['one with a comment before', '{\n\t// none yet\n}', 'a', true, '{\n\t// none yet\n\t"a": true\n}'],
    ['behind a comment', '{\n   "a": 1 // one\n}', 'b', [1], '{\n   "a": 1, // one\n   "b": [\n      1\n   ]\n}'],
    ['with the line ends of others', '{\r\n  "a": 1\r\n}\r\n', 'b', 2, '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n'],
    ['behind a byte order mark', '\uFEFF{"a": 1}', 'a', 2, '\uFEFF{"a": 2}'],
    ['nothing where no object is', ' ', 'a', 2, ' '],
    ['a group', '{\n  "a": {}\n}', 'a.b.c', 1, '{\n  "a": {\n    "b": {\n      "c": 1\n    }\n  }\n}'],
  ])('%s', (_name, before, ...[key, value, after]) => {
    expect(editedSettings(before, String(key).split('.'), value)).toBe(after);
  });

  test.each([
    ['the only one', '{ "a": 1 }', 'a', '{  }'],
    ['the first', '{ "a": 1, "b": 2 }', 'a', '{ "b": 2 }'],
    ['the last, behind a comment with a comma', '{ "a": 1, /* , */ "b": 2 }', 'b', '{ "a": 1 /* , */  }'],
    ['a line', '{\n  // one\n  "a": 1,\n  "b": 2, // two\n  "c": 3\n}', 'b', '{\n  // one\n  "a": 1,\n  "c": 3\n}'],
    ['a line of its own', '{\n  "a": 1,\n  "b": {\n    "c": 1\n  },\n  "d": 3\n}', 'b', '{\n  "a": 1,\n  "d": 3\n}'],
    ['the last line', '{\n  "a": 1, // one\n  "b": 2\n}\n', 'b', '{\n  "a": 1 // one\n}\n'],
    ['what is not there', '{ "a": 1 }', 'b.c', '{ "a": 1 }'],
  ])('%s is taken out', (_name, before, key, after) => {
    expect(editedSettings(before, key.split('.'), undefined)).toBe(after);
  });

  test('whatever the file holds, the value is there afterwards, all others are as before, and comments stay', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer(), { maxLength: 2 }));
    const group = fc.dictionary(name, fc.oneof(leaf, fc.dictionary(name, leaf)));
    const noise = fc.constantFrom('', ' ', '\n', '\n  ', ' // no, "a": {}\n', '/* , */', '\r\n\t');
    const texts = fc.tuple(group, fc.infiniteStream(noise), fc.boolean()).map(([value, noises, pretty]) => {
      const text = JSON.stringify(value, null, pretty ? 2 : 0);
      return text.replace(/"(?:\\.|[^"\\])*"|[{}[\],:]/gu, (token) =>
        pretty ? token : `${noises.next().value}${token}${noises.next().value}`,
      );
    });
    const parsed = (text: string): unknown => JSON.parse(stripComments(text));
    const comments = (text: string) => text.match(/\/\/ no|\/\* , \*\//gu)?.length ?? 0;
    const key = fc.oneof(fc.tuple(name), fc.tuple(name, name));
    fc.assert(
      fc.property(texts, key, fc.option(leaf), (text, path, wanted) => {
        const value = wanted ?? undefined;
        const before = parsed(text) as Record<string, unknown>;
        const [first = '', second] = path;
        const inner = before[first];
        const isGroup = typeof inner === 'object' && !Array.isArray(inner);
        // What is no group cannot hold a key; such a text is refused before.
        fc.pre(second === undefined || inner === undefined || isGroup);
        const expected = structuredClone(before);
        const into = second === undefined ? expected : ((expected[first] ?? {}) as Record<string, unknown>);
        if (value !== undefined) into[second ?? first] = value;
        else delete into[second ?? first];
        if (second !== undefined && value !== undefined) expected[first] = into;
        const after = editedSettings(text, path, value);
        expect(parsed(after)).toEqual(expected);
        const replaced = comments(text) - comments(after);
        if (
          value !== undefined &&
          (second ?? first) in (second === undefined ? before : ((inner ?? {}) as object)) === false
        )
          expect(replaced).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
