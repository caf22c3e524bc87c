import { expect, onTestFinished, test, vi } from 'vitest';
import { watchEnds } from '../../src/daemon/watch-ends.ts';
import type { World } from '../../src/daemon/world.ts';
import { created, moved, stateOf } from '../tui/fake-swarm.ts';

const started = (n: number, pid: number) =>
  ({
    type: 'instance.started',
    data: { instance_id: `rehearsal-${n}`, session: 's', pane: '%1', pid },
  }) as const;

test('the end of a program is seen at once, and told once', () => {
  vi.useFakeTimers();
  const abort = new AbortController();
  onTestFinished(() => {
    abort.abort();
    vi.useRealTimers();
  });
  const running = new Set([11, 12]);
  const state = stateOf([
    created(1),
    started(1, 11),
    created(2),
    started(2, 12),
    created(3),
    moved('rehearsal-3', 'failed'),
  ]);
  let ends = 0;
  const world = { store: { state }, signal: abort.signal } as unknown as World;
  watchEnds(
    world,
    () => {
      ends += 1;
    },
    (pid) => running.has(pid),
  );
  vi.advanceTimersByTime(500);
  expect(ends).toBe(0);
  running.delete(12);
  vi.advanceTimersByTime(100);
  expect(ends).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(ends).toBe(1);
  abort.abort();
  running.clear();
  vi.advanceTimersByTime(1000);
  expect(ends).toBe(1);
});
