import { expect, test } from 'vitest';
import { kindOf, namesFile } from '../../../src/tasks/order/kind.ts';

test.each([
  ['Checkpoint - Ensure all tests pass', 'checkpoint'],
  ['Checkpoint', 'checkpoint'],
  ['Checkpoint 2: API done', 'checkpoint'],
  ['Core engine checkpoint', 'checkpoint'],
  ['Final checkpoint — Ensure all tests pass', 'checkpoint'],
  ['Final verification', 'checkpoint'],
  ['Ensure all tests pass', 'checkpoint'],
  ['Write bug condition exploration test', 'exploration'],
  ['Write preservation property tests (BEFORE implementing fix)', 'preservation'],
  ['Verify bug condition exploration test now passes', 'test'],
  ['Verify preservation tests still pass', 'test'],
  ['Write property test for session round trip', 'test'],
  ['Write Property 3 — step coverage is total', 'test'],
  ['Write unit tests for the parser', 'test'],
  ['Add regression tests for login', 'test'],
  ['Run full test suite', 'test'],
  ['Run hook schema and structural suites', 'test'],
  ['**Unit テスト**', 'test'],
  ['Implement the fix', 'work'],
  ['Set up test framework', 'work'],
  ['Create test harness', 'work'],
  ['Implement checkpoint storage', 'work'],
  ['Run database migration', 'work'],
  ['Add contest page', 'work'],
  ['Update README and docs', 'work'],
])('[TSK-10] “%s” is %s', (title, kind) => {
  expect(kindOf({ title, optional: false }, true)).toBe(kind);
});

test('an optional task of which nothing else is known is a test; only what stands alone ends a plan', () => {
  expect(kindOf({ title: 'Polish it', optional: true }, true)).toBe('test');
  expect(kindOf({ title: 'Final verification', optional: false }, false)).toBe('work');
  expect(kindOf({ title: 'Checkpoint - half way', optional: false }, false)).toBe('checkpoint');
});

test.each([
  ['Add `src/a.ts`', true],
  ['Update README.md', true],
  ['Change `Dockerfile`', true],
  ['Run `python scripts/check.py --all`', false],
  ['Use Node.js and vue.js', false],
  ['Call `parse()` e.g. twice', false],
])('“%s” names a file: %s', (text, expected) => {
  expect(namesFile({ title: 'T', details: [text] })).toBe(expected);
});
