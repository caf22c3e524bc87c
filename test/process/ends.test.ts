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

test('of many programs all are looked at together, less often the more they are, and each closely within a second', async () => {
  vi.useFakeTimers();
  const abort = new AbortController();
  onTestFinished(() => {
    abort.abort();
    vi.useRealTimers();
  });
  const looks = { quick: [] as number[], close: [] as number[], times: new Set<number>() };
  const gone = new Set<number>();
  const note = (of: number[], pid: number): boolean => {
    of.push(pid);
    looks.times.add(performance.now());
    return !gone.has(pid);
  };
  const ended = makeEndWatch({
    quick: (pid) => note(looks.quick, pid),
    close: (pid) => note(looks.close, pid),
  });
  const ends: number[] = [];
  const pids = Array.from({ length: 60 }, (_, n) => n);
  for (const pid of pids)
    ended(pid, abort.signal).then(
      () => ends.push(pid),
      () => undefined,
    );
  await vi.advanceTimersByTimeAsync(950);
  // At 50, 350, 650 and 950: the first round of close looks is over, the second one has begun.
  expect(looks.times.size).toBe(4);
  expect(looks.close).toEqual([...pids, ...pids.slice(0, 20)]);
  expect(looks.quick.length + looks.close.length).toBe(4 * 60);
  gone.add(59);
  await vi.advanceTimersByTimeAsync(300);
  expect(ends).toEqual([59]);
  // Of very many as well.
  for (let pid = 100; pid < 600; pid += 1) void ended(pid, abort.signal).catch(() => undefined);
  looks.close.length = 0;
  await vi.advanceTimersByTimeAsync(2300);
  expect(new Set(looks.close).size).toBe(559);
});
