import { setImmediate as next } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watchEnds } from '../../../src/daemon/watch/watch-ends.ts';
import type { State } from '../../../src/state/index.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { created, moved, stateOf } from '../../tui/fake-swarm.ts';

const started = (n: number, pid: number) =>
  ({
    type: 'instance.started',
    data: { instance_id: `rehearsal-${n}`, session: 's', pane: '%1', pid },
  }) as const;

const begun = [created(1), started(1, 11), created(2), started(2, 12), created(3), moved('rehearsal-3', 'failed')];

/** Watches two programs, 11 and 12, whose ends are told by the test; and one machine that is lost. */
const watched = () => {
  const abort = new AbortController();
  const listeners = new Set<(events: readonly [], state: State) => void>();
  const asked = new Map<number, { resolve: () => void; reject: (error: Error) => void; signal: AbortSignal }>();
  const ended = (pid: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      asked.set(pid, { resolve, reject, signal });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const seen = { ends: 0 };
  const store = {
    state: stateOf([...begun]),
    subscribe: (listener: (events: readonly [], state: State) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const services = { ...servicesOn({ processes: { ended } }), store, signal: abort.signal };
  const ends = watchEnds(servicesWith(services), () => {
    seen.ends += 1;
  });
  const mayHaveEnded = () => Object.values(store.state.instances).map(ends.mayHaveEnded);
  return {
    ...{ seen, asked, abort, listeners, mayHaveEnded },
    becomes: (...facts: Parameters<typeof stateOf>[0][number][]) => {
      for (const tell of listeners) tell([], stateOf([...begun, ...facts]));
    },
  };
};

test('the end of a program is told once, and nobody asks for it again', async () => {
  const it = watched();
  expect([...it.asked.keys()]).toEqual([11, 12]);
  // Nobody looks after the third one, which does not live.
  expect(it.mayHaveEnded()).toEqual([false, false, true]);
  it.asked.get(12)!.resolve();
  await next();
  expect(it.seen.ends).toBe(1);
  expect(it.mayHaveEnded()).toEqual([false, true, true]);
  it.asked.clear();
  it.becomes();
  await next();
  expect([it.seen.ends, it.asked.size]).toEqual([1, 0]);
});

test('another program of an instance is followed instead of the one before, and one that is over not at all', async () => {
  const it = watched();
  const [first, second] = [it.asked.get(11)!, it.asked.get(12)!];
  it.becomes(started(1, 21), moved('rehearsal-2', 'failed'));
  await next();
  expect([first.signal.aborted, second.signal.aborted, it.asked.has(21), it.seen.ends]).toEqual([true, true, true, 0]);
});

test('a machine that cannot be asked is no end, and after the daemon nothing is followed', async () => {
  const it = watched();
  it.asked.get(11)!.reject(new Error('the machine is gone'));
  await next();
  // It is no news either that it runs: the looks at its panes ask.
  expect(it.mayHaveEnded()).toEqual([true, false, true]);
  it.abort.abort();
  await next();
  expect([it.seen.ends, it.asked.get(12)!.signal.aborted, it.listeners.size]).toEqual([0, true, 0]);
});
