import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeDrawScheduler } from '../../../src/tui/app/draw-scheduler.ts';
import { TICK_MS } from '../../../src/tui/compositor/compositor.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Pictures that take so long, asked for at each millisecond of a second; says how many there were. */
const drawnInASecond = (tookMs: number): number => {
  let drawing = 0;
  let count = 0;
  const scheduler = makeDrawScheduler(
    () => {
      drawing += tookMs;
      count += 1;
    },
    () => performance.now() + drawing,
  );
  const end = performance.now() + 1000;
  while (performance.now() + drawing < end) {
    scheduler.request();
    vi.advanceTimersByTime(1);
  }
  scheduler.stop();
  return count;
};

test('a picture is drawn once a tick however often it is asked for, and less often while it takes long', () => {
  expect(drawnInASecond(0)).toBe(Math.floor(1000 / TICK_MS));
  // A tenth of the time.
  expect(drawnInASecond(10)).toBeGreaterThanOrEqual(9);
  expect(drawnInASecond(10)).toBeLessThanOrEqual(10);
  // However long it takes, it comes.
  expect(drawnInASecond(200)).toBe(4);
});

test('of those that are to come later the last one that asks decides, and none comes after the end', () => {
  const draw = vi.fn();
  const scheduler = makeDrawScheduler(draw);
  scheduler.requestIn(100);
  scheduler.requestIn(300);
  vi.advanceTimersByTime(299);
  expect(draw).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(draw).toHaveBeenCalledTimes(1);
  scheduler.requestIn(10);
  scheduler.request();
  scheduler.stop();
  vi.advanceTimersByTime(1000);
  expect(draw).toHaveBeenCalledTimes(1);
});
