import { expect, test } from 'vitest';
import {
  availabilityOf,
  brakeOf,
  deathsSince,
  isAwaited,
  type Life,
  readLives,
  reasonOf,
} from '../../src/state/lives.ts';

const START = Date.parse('2026-01-01T12:00:00.000Z');
const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

const life = (from: number, to: number, more: Partial<Life> = {}): Life => ({
  ...{ pid: 7, version: '1.0.0', from: at(from), to: at(to), silent_ms: 0, asleep_ms: 0, end: null, why: null },
  ...more,
});
const reckon = (lives: readonly Life[], since: number, until: number) =>
  availabilityOf(lives, START + since * 1000, START + until * 1000);

test('of a text the lines that are lives are read, and whatever else lies there is passed over', () => {
  const one = life(0, 10, { end: 'failed', why: 'boom' });
  const lines = [JSON.stringify(one), '', '{"pid":1', 'null', JSON.stringify({ ...one, from: 'yesterday' }), '   '];
  expect(readLives([...lines, JSON.stringify({ ...one, end: 'odd' })].join('\n'))).toEqual([one]);
  expect([reasonOf(one), reasonOf(life(0, 1))]).toEqual(['boom', 'it was killed, or the machine went down']);
});

test('a daemon that was killed every ten minutes and was back within seconds was available for more than 99 %', () => {
  const lives = Array.from({ length: 6 }, (_, i) => life(i * 600, (i + 1) * 600 - 2));
  expect(reckon(lives, 0, 3600)).toMatchObject({ down_ms: 12_000, deaths: 5, longest_gap_ms: 2000, unwanted_ms: 0 });
  expect(reckon(lives, 0, 3600).percent).toBeCloseTo(99.667, 3);
});

test('what lies behind a wanted end, and what the machine slept, does not count', () => {
  const lives = [life(0, 100, { end: 'ended' }), life(1000, 2000, { asleep_ms: 500_000 })];
  expect(reckon(lives, 0, 2000)).toMatchObject({ percent: 100, up_ms: 600_000, unwanted_ms: 1_400_000, deaths: 0 });
});

test('a daemon that was there and silent was not available', () => {
  expect(reckon([life(0, 100, { silent_ms: 25_000 })], 0, 100)).toMatchObject({ percent: 75, silent_ms: 25_000 });
});

test('only what lies within the time that is asked for counts, and before the first daemon there is nothing', () => {
  const lives = [life(0, 100), life(200, 300)];
  expect(reckon(lives, 150, 300)).toMatchObject({ up_ms: 100_000, down_ms: 50_000, longest_gap_ms: 50_000 });
  expect(reckon(lives, -1000, 300)).toMatchObject({ since: START, up_ms: 200_000, down_ms: 100_000 });
  expect(reckon([], 0, 300)).toMatchObject({ percent: null, up_ms: 0, down_ms: 0 });
});

test('an end by itself is told from one that was wanted', () => {
  const lives = [life(0, 1), life(1, 2, { end: 'ended' }), life(2, 3, { end: 'failed' })];
  expect(deathsSince(lives, START + 1500)).toEqual([lives[2]]);
});

/** So many lives of two seconds each, one right after the other, from the start on. */
const row = (count: number, more: Partial<Life> = {}): Life[] =>
  Array.from({ length: count }, (_, i) => life(i * 2, i * 2 + 2, more));
const FAILED: Partial<Life> = { end: 'failed', why: 'boom' };
const brake = (lives: readonly Life[], second: number) => brakeOf(lives, START + second * 1000);

test('one that fails soon after its start is started twice more at once, and then after pauses that double', () => {
  expect([brake(row(1, FAILED), 2), brake(row(2, FAILED), 4)]).toEqual([undefined, undefined]);
  expect(brake(row(3, FAILED), 6)).toEqual({ times: 3, last: row(3, FAILED)[2], until: START + 7000 });
  expect(brake(row(4, FAILED), 8)?.until).toBe(START + 10_000);
  expect(brake(row(20, FAILED), 40)?.until).toBe(START + 100_000);
  expect(brake(row(3, FAILED), 7)).toBeUndefined();
});

test('kills from outside have to be many more before it is started later', () => {
  expect([brake(row(9), 18), brake(row(10), 20)?.times]).toEqual([undefined, 10]);
});

test('a long life, a wanted end and the time end a row; so does a clock that was set back', () => {
  expect(brake([...row(5, FAILED), life(10, 25, FAILED)], 25)).toBeUndefined();
  expect(brake([...row(5, FAILED), life(10, 11, { end: 'ended' })], 11)).toBeUndefined();
  expect(brake(row(5, FAILED), 400)).toBeUndefined();
  expect(brake(row(3, FAILED), -3600)).toBeUndefined();
});

test('the daemon that somebody is to start again is waited for as long as that may take, and not by a clock that was set', () => {
  const again = life(0, 100, { end: 'ended', watched: true, again: true });
  const seen = (seconds: number, one = again): boolean => isAwaited(one, START + seconds * 1000);
  expect([100, 109, 110, 99].map((seconds) => seen(seconds))).toEqual([true, true, false, false]);
  expect(seen(101, { ...again, again: false })).toBe(false);
  // One that lives on, or failed, has nobody waiting.
  expect([seen(101, { ...again, end: null }), seen(101, { ...again, end: 'failed' })]).toEqual([false, false]);
});
