import { expect, test } from 'vitest';
import { momentBefore, parseDuration } from '../../src/lib/duration.ts';

test('a duration that leads to no moment is none', () => {
  expect(['1.5h', '1000000d', '1000001d', '99999999999d', `${'9'.repeat(400)}ms`].map(parseDuration)).toEqual([
    5_400_000,
    86_400_000_000_000,
    undefined,
    undefined,
    undefined,
  ]);
  expect(new Date(momentBefore(Date.now(), '1000000d')).toISOString()).toMatch(/^-/u);
  expect(new Date(Date.now() + parseDuration('1000000d')!).toISOString()).toMatch(/Z$/u);
});
