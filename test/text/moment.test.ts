import { expect, test } from 'vitest';
import { momentOf } from '../../src/text/moment.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

test.each([
  ['10m', '2026-11-20T11:50:00Z'],
  ['90s', '2026-11-20T11:58:30Z'],
  ['3d', '2026-11-17T12:00:00Z'],
  ['1.5h', '2026-11-20T10:30:00Z'],
  ['2026-11-20T10:00Z', '2026-11-20T10:00:00Z'],
  ['2026-11-20 10:00:30+02:00', '2026-11-20T08:00:30Z'],
])('since %s is %s', (text, at) => {
  expect(new Date(momentOf(text, NOW)).toISOString()).toBe(new Date(at).toISOString());
});

test('a date without a zone is local time', () => {
  expect(momentOf('2026-11-20', NOW)).toBe(new Date(2026, 10, 20).getTime());
  expect(momentOf('2026-11-20T14:30:15.250', NOW)).toBe(new Date(2026, 10, 20, 14, 30, 15, 250).getTime());
});

test.each(['', 'yesterday', '10', '10 m', '-5m', '2026-13-40', '2026-11-20T25:00', '20.11.2026'])(
  '%j is neither',
  (text) => {
    expect(() => momentOf(text, NOW)).toThrow(
      expect.objectContaining({ exit: 2, hint: expect.stringContaining('10m') }),
    );
  },
);
