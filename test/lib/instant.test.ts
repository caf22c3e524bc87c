import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf } from '../../src/lib/instant.ts';

test('a time as events carry it is read as the clock of the machine reads it, whatever the date', () => {
  const date = fc.date({ min: new Date('1600-01-01'), max: new Date('2400-12-31'), noInvalidDate: true });
  fc.assert(fc.property(date, (one) => instantOf(one.toISOString()) === one.getTime()));
  expect(instantOf('2026-02-28T23:59:59Z')).toBe(Date.parse('2026-02-28T23:59:59Z'));
  expect(instantOf('2026-02-28T23:59:59.5Z')).toBe(Date.parse('2026-02-28T23:59:59.500Z'));
});

test('what is no such time is no number', () => {
  for (const text of ['', 'yesterday', '2026-01-01', '2026-01-01T00:00:00+01:00']) expect(instantOf(text)).toBeNaN();
});
