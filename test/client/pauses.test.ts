import { expect, test } from 'vitest';
import { makePauses } from '../../src/client/pauses.ts';

test('a daemon that is killed again and again within a second keeps nobody waiting', () => {
  const pauses = makePauses();
  const waits = [300, 133, 900, 60, 51, 400, 2000].map((ms) => pauses.after(ms, true));
  expect(waits).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

test('one that lets go of each connection at once is asked after pauses that grow to eight seconds', () => {
  const pauses = makePauses();
  const waits = Array.from({ length: 9 }, () => pauses.after(3, true));
  expect(waits).toEqual([50, 100, 200, 400, 800, 1600, 3200, 6400, 8000]);
  expect(pauses.after(1000, true)).toBe(0);
  expect(pauses.after(3, true)).toBe(50);
});

test('a start that fails makes the next pause longer, and a connection that outlasts it makes it short again', () => {
  const pauses = makePauses();
  expect([pauses.next(true), pauses.next(true), pauses.after(150, true), pauses.after(400, true)]).toEqual([
    50, 100, 200, 0,
  ]);
  expect(pauses.next(true)).toBe(50);
});

test('a daemon that nobody may start is looked for at the same pace', () => {
  const pauses = makePauses();
  expect([pauses.next(false), pauses.next(false), pauses.after(10, false)]).toEqual([250, 250, 250]);
});
