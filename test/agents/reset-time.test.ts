import { expect, test } from 'vitest';
import { resetTime } from '../../src/agents/reset-time.ts';

const iso = (words: string, now: string): string | undefined => {
  const at = resetTime(words, Date.parse(now));
  return at === undefined ? undefined : new Date(at).toISOString();
};

test.each([
  ['9:02am (UTC)', '2026-11-20T05:00:30Z', '2026-11-20T09:02:00.000Z'],
  ['9:02am (UTC)', '2026-11-20T09:02:40Z', '2026-11-20T09:02:00.000Z'],
  ['9:02am (UTC)', '2026-11-20T12:00:00Z', '2026-11-21T09:02:00.000Z'],
  ['11:59pm (UTC)', '2026-11-20T00:10:00Z', '2026-11-19T23:59:00.000Z'],
  ['12am (UTC)', '2026-11-20T22:00:00Z', '2026-11-21T00:00:00.000Z'],
  ['12:30pm (UTC)', '2026-11-20T11:00:00Z', '2026-11-20T12:30:00.000Z'],
  ['14:05 (UTC)', '2026-11-20T11:00:00Z', '2026-11-20T14:05:00.000Z'],
  ['9am (Europe/Berlin)', '2026-07-01T05:00:00Z', '2026-07-01T07:00:00.000Z'],
  ['4am (Europe/Berlin)', '2026-10-24T20:00:00Z', '2026-10-25T03:00:00.000Z'],
  ['Nov 23, 9am (UTC)', '2026-11-20T05:00:00Z', '2026-11-23T09:00:00.000Z'],
  ['Jan 2 at 9:15am (UTC)', '2026-12-30T05:00:00Z', '2027-01-02T09:15:00.000Z'],
])('“%s” said at %s is %s', (words, now, at) => {
  expect(iso(words, now)).toBe(at);
});

test('words that mean no time mean none', () => {
  for (const words of ['', 'soon', 'Foo 3, 9am (UTC)', '9am (Mars/Olympus)', '77:00 (UTC)', 'Feb 31, 9am (UTC)'])
    expect(iso(words, '2026-11-20T05:00:00Z')).toBeUndefined();
});

test('without a zone it is the time of this machine', () => {
  expect(resetTime('9am', Date.parse('2026-11-20T05:00:00Z'))).toBeTypeOf('number');
});
