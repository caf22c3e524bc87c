import { expect, test } from 'vitest';
import { untilBeat } from '../../../src/daemon/health/beat.ts';

test('parts that wait as long wake together, whenever they begin to wait', () => {
  for (const now of [12_001, 12_250, 12_899]) expect(now + untilBeat(1000, now)).toBe(13_000);
  for (const now of [12_001, 14_250]) expect(now + untilBeat(5000, now)).toBe(15_000);
  expect(12_001 + untilBeat(250, 12_001)).toBe(12_250);
});

test('what comes a little before its beat, or at it, waits for the one after it', () => {
  for (const now of [12_950, 12_999, 13_000]) expect(now + untilBeat(1000, now)).toBe(14_000);
});
