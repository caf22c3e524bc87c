import { expect, test } from 'vitest';
import { z } from 'zod';
import { issueText } from '../../src/state/issue-text.ts';
import { checkedSetting } from '../../src/state/setting-values.ts';
import { settingKeys } from '../../src/state/setting-layers.ts';

const said = (schema: z.ZodType, value: unknown): string => issueText(schema.safeParse(value).error!.issues[0]!);

test.each<[z.ZodType, unknown, string]>([
  [z.string(), 1, 'it has to be a text'],
  [z.int(), 1.5, 'it has to be a whole number'],
  [z.boolean(), 'maybe', 'it has to be true or false'],
  [z.array(z.string()), 'a', 'it has to be a list, such as ["one", "two"]'],
  [z.record(z.string(), z.string()), 'a', 'it has to be a table, such as {"name": "value"}'],
  [z.enum(['on', 'off']), 'up', 'it has to be one of on, off'],
  [z.literal('on'), 'up', 'it has to be on'],
  [z.number().min(1), 0, 'it has to be at least 1'],
  [z.number().positive(), 0, 'it has to be more than 0'],
  [z.number().max(9), 10, 'it has to be at most 9'],
  [z.array(z.string()).min(1), [], 'it needs at least 1 entry'],
  [z.string().max(2), 'abc', 'it needs at most 2 characters'],
  [z.strictObject({}), { x: 1 }, 'there is no "x" in it'],
  [z.union([z.literal('off'), z.number()]), 'up', 'it has to be off, or it has to be a number'],
  [z.iso.datetime(), 'now', 'it has to be a time such as 2026-01-31T12:00:00Z'],
  [z.string().regex(/^a/u), 'b', 'it is not written as it has to be'],
  [z.string().regex(/^a/u, 'it begins with an a'), 'b', 'it begins with an a'],
])('what is wrong with a value is said in plain words: %#', (schema, value, text) => {
  expect(said(schema, value)).toBe(text);
});

test('no setting is refused in the words of a library', () => {
  const words = /Invalid|Too (?:small|big)|Unrecognized|expected|received/u;
  const told = settingKeys().flatMap(({ key }) =>
    ['{"x":1}', '[[]]', '-1', 'no such'].flatMap((text) => {
      try {
        checkedSetting(key, text);
        return [];
      } catch (error) {
        return [(error as Error).message];
      }
    }),
  );
  expect(told.length).toBeGreaterThan(100);
  expect(told.filter((one) => words.test(one))).toEqual([]);
});

test('where in a table a setting is wrong is said', () => {
  expect(() => checkedSetting('agents.mine.env', '{"A":1}')).toThrow(/in "A": it has to be a text\.$/u);
});
