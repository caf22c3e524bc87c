import { expect, test } from 'vitest';
import { agoText, clockText, forText, periodText, withAges } from '../../src/text/since-text.ts';

const NOW = '2026-01-10T12:30:00.000Z';
const before = (ms: number): string => new Date(Date.parse(NOW) - ms).toISOString();
const clockOf = (iso: string): string => new Date(iso).toTimeString().slice(0, 5);

test.each([
  [0, '0s'],
  [59_999, '59s'],
  [180_000, '3m'],
  [3_600_000, '1h'],
])('%i ms before are %s ago, with the time of day', (ms, ago) => {
  expect(agoText(before(ms), NOW)).toBe(`${ago} ago (${clockOf(before(ms))})`);
  expect(forText(before(ms), NOW)).toBe(`for ${ago} (since ${clockOf(before(ms))})`);
});

test('what was on another day has that day, and what is to come is ahead', () => {
  expect(agoText(before(3 * 86_400_000), NOW)).toBe(`3d ago (2026-01-07 ${clockOf(NOW)})`);
  expect(agoText(before(-90_000), NOW)).toBe(`in 1m (${clockOf(before(-90_000))})`);
});

test('a time that goes on has no end', () => {
  expect(periodText(before(60_000), null, NOW)).toBe(`since ${clockOf(before(60_000))}`);
  expect(periodText(before(60_000), NOW, NOW)).toBe(`${clockOf(before(60_000))} to ${clockOf(NOW)}`);
});

test('the times in a sentence are said as people do', () => {
  const due = before(-30_000);
  expect(withAges(`it is started again by itself at ${due}: soon`, NOW)).toBe(
    `it is started again by itself in 30s (${clockOf(due)}): soon`,
  );
  expect(withAges(`it is started again by itself at ${before(56_000)}`, NOW)).toBe(
    `it is started again by itself at ${clockOf(before(56_000))} (56s ago)`,
  );
  expect(withAges(`since ${before(60_000)}`, NOW)).toBe(`since 1m ago (${clockOf(before(60_000))})`);
  expect(withAges('at 2026 nothing', NOW)).toBe('at 2026 nothing');
});

test('what is no time, or is told where nobody knows what time it is, stays as it is', () => {
  expect([agoText('soon', NOW), clockText('soon', NOW), forText('soon', NOW)]).toEqual(['soon', 'soon', 'since soon']);
  expect(agoText(NOW, '')).toBe(NOW);
  expect(clockText(NOW, '')).toBe(NOW);
});
