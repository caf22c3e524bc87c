import { expect, test } from 'vitest';
import { isBusy } from '../../../src/state/store/sqlite.ts';

test.each([
  ['another holds the lock', 5, true],
  ['another recovers the file after a crash', 261, true],
  ['another has changed it meanwhile', 517, true],
  ['the disk is full', 13, false],
  ['reading failed', 266, false],
])('an error of SQLite, %s, is told from others', (_what, errcode, busy) => {
  expect(isBusy(Object.assign(new Error('x'), { errcode }))).toBe(busy);
});

test('an error that is none of SQLite is no lock', () => {
  expect(isBusy(new Error('database is locked'))).toBe(false);
});
