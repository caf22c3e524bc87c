import { expect, onTestFinished, test, vi } from 'vitest';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import { watchEnds } from '../../../src/daemon/watch/watch-ends.ts';
import { created, moved, stateOf } from '../../tui/fake-swarm.ts';

const started = (n: number, pid: number) =>
  ({
    type: 'instance.started',
    data: { instance_id: `rehearsal-${n}`, session: 's', pane: '%1', pid },
  }) as const;

/** Watches two programs, 11 and 12; `listed` are in the process table, and of these `running` run. */
const watched = () => {
  vi.useFakeTimers();
  const abort = new AbortController();
  onTestFinished(() => {
    abort.abort();
    vi.useRealTimers();
  });
  const state = stateOf([
    created(1),
    started(1, 11),
    created(2),
    started(2, 12),
    created(3),
    moved('rehearsal-3', 'failed'),
  ]);
  const seen = { ends: 0, listed: new Set([11, 12]), running: new Set([11, 12]), abort };
  const services = { store: { state }, signal: abort.signal } as unknown as DaemonServices;
  const looks = {
    quick: (pid: number) => seen.listed.has(pid),
    close: (pid: number) => seen.listed.has(pid) && seen.running.has(pid),
  };
  const onEnd = () => {
    seen.ends += 1;
  };
  watchEnds(services, onEnd, looks);
  return seen;
};

test('the end of a program is seen at once, and told once', () => {
  const seen = watched();
  vi.advanceTimersByTime(500);
  expect(seen.ends).toBe(0);
  seen.listed.delete(12);
  vi.advanceTimersByTime(50);
  expect(seen.ends).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(seen.ends).toBe(1);
  seen.abort.abort();
  seen.listed.clear();
  vi.advanceTimersByTime(1000);
  expect(seen.ends).toBe(1);
});

test('one that has ended and was not asked how is told once as well', () => {
  const seen = watched();
  vi.advanceTimersByTime(100);
  seen.running.delete(11);
  vi.advanceTimersByTime(200);
  expect(seen.ends).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(seen.ends).toBe(1);
});
