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

test('of many programs each is looked at less often, and each in its turn', async () => {
  vi.useFakeTimers();
  const abort = new AbortController();
  onTestFinished(() => {
    abort.abort();
    vi.useRealTimers();
  });
  const looks = { quick: [] as number[], close: [] as number[] };
  const gone = new Set<number>();
  const ended = makeEndWatch({
    quick: (pid) => looks.quick.push(pid) > 0 && !gone.has(pid),
    close: (pid) => looks.close.push(pid) > 0 && !gone.has(pid),
  });
  const ends: number[] = [];
  const pids = Array.from({ length: 60 }, (_, n) => n);
  for (const pid of pids)
    ended(pid, abort.signal).then(
      () => ends.push(pid),
      () => undefined,
    );
  await vi.advanceTimersByTimeAsync(1500);
  expect(looks.close).toEqual(pids);
  expect(new Set(looks.quick)).toEqual(new Set(pids));
  expect(looks.quick.length).toBeLessThanOrEqual(30 * 10);
  gone.add(59);
  await vi.advanceTimersByTimeAsync(300);
  expect(ends).toEqual([59]);
});
