import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ageOf, withRelativeTimes } from '../../../src/tui/model/relative-times.ts';

const ago = (seconds: number, now = 1_000_000_000_000): string =>
  ageOf(new Date(now - seconds * 1000).toISOString(), now);

test('times in an alert are said as people say them', () => {
  const told = (text: string) => withRelativeTimes(text, Date.parse('2026-01-01T00:01:00.000Z'));
  expect(told('it starts again at 2026-01-01T00:01:30.000Z by itself')).toBe('it starts again in 30s by itself');
  const clock = new Date('2026-01-01T00:00:04.000Z').toTimeString().slice(0, 5);
  expect(told('it is started again by itself at 2026-01-01T00:00:04.000Z')).toBe(
    `it is started again by itself at ${clock}`,
  );
  expect(told('since 2026-01-01T00:00:00Z')).toBe('since 1m ago');
  expect(told('at 2026 nothing')).toBe('at 2026 nothing');
});

test('an age is in the one unit that matters', () => {
  expect([0, 9, 10, 40, 60, 3599, 3600, 86_399, 86_400, 10 * 86_400].map((seconds) => ago(seconds))).toEqual([
    ...['0s', '9s', '10s', '40s', '1m', '59m', '1h', '23h', '1d', '10d'],
  ]);
  expect([ago(-5), ageOf('never', 0)]).toEqual(['0s', '']);
});

test('between ten seconds and a minute all ages change in the same moment, and lag by less than five seconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 59 }), fc.nat(4999), fc.nat(10_000_000), (seconds, rest, at) => {
      const now = at * 1000;
      const since = new Date(now - seconds * 1000 - (rest % 1000)).toISOString();
      const shown = Number(ageOf(since, now).replace('s', ''));
      expect(shown).toBeLessThanOrEqual(seconds);
      expect(shown).toBeGreaterThanOrEqual(Math.max(10, seconds - 5));
      const later = Math.floor(now / 5000) * 5000 + 4999;
      if (later - Date.parse(since) < 60_000) expect(ageOf(since, later)).toBe(`${shown}s`);
    }),
  );
});
