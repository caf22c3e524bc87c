import { expect, onTestFinished, test, vi } from 'vitest';
import { makeEndWatch } from '../../src/process/ends.ts';

/** Watches two programs, 11 and 12; `listed` are in the process table, and of these `running` run. */
const watched = () => {
  vi.useFakeTimers();
  const abort = new AbortController();
  onTestFinished(() => {
    abort.abort();
    vi.useRealTimers();
  });
  const seen = { ends: [] as number[], listed: new Set([11, 12]), running: new Set([11, 12]), abort };
  const ended = makeEndWatch({
    quick: (pid) => seen.listed.has(pid),
    close: (pid) => seen.listed.has(pid) && seen.running.has(pid),
  });
  for (const pid of [11, 12])
    ended(pid, abort.signal).then(
      () => seen.ends.push(pid),
      () => undefined,
    );
  return seen;
};

test('the end of a program is seen at once, and told once', async () => {
  const seen = watched();
  await vi.advanceTimersByTimeAsync(500);
  expect(seen.ends).toEqual([]);
  seen.listed.delete(12);
  await vi.advanceTimersByTimeAsync(50);
  expect(seen.ends).toEqual([12]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(seen.ends).toEqual([12]);
  seen.abort.abort();
  seen.listed.clear();
  await vi.advanceTimersByTimeAsync(1000);
  expect([seen.ends, vi.getTimerCount()]).toEqual([[12], 0]);
});

test('one that has ended and was not asked how is told once as well', async () => {
  const seen = watched();
  await vi.advanceTimersByTimeAsync(100);
  seen.running.delete(11);
  await vi.advanceTimersByTimeAsync(200);
  expect(seen.ends).toEqual([11]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(seen.ends).toEqual([11]);
});
