import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openReactor } from '../../src/daemon/reactor.ts';
import type { DaemonServices } from '../../src/daemon/services.ts';
import type { EventDraft, State } from '../../src/state/index.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { AT, begin, claimed, created, instance, started } from '../tasks/journal.ts';
import { partial } from './simulation/partial.ts';

const MINUTE_MS = 60_000;
const MOST_A_MINUTE = 12;
/** Whoever begins actions so often never ends. */
const ENDLESS = 2000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What the planner wants something of, each with others than the rest. */
const SITUATIONS: Readonly<Record<string, readonly EventDraft[]>> = {
  launch: instance('a-1', 'creating'),
  stop: instance('a-2', 'stopping'),
  pause: [...instance('a-3', 'working'), { type: 'instance.pause_requested', data: { instance_id: 'a-3' } }],
  resume: [
    ...instance('a-4', 'working'),
    { type: 'instance.paused', data: { instance_id: 'a-4', evidence: 'frozen' } },
    { type: 'instance.resume_requested', data: { instance_id: 'a-4' } },
  ],
  verify: [...instance('a-6', 'verifying'), created('6'), started('6', 'a-6'), claimed('6')],
  merge: [{ type: 'batch.started', data: { id: 'batch-1', target: 'main', base_commit: 'a', tasks: [] } }],
};

/** How often each action of a planner is begun in which everything fails, and nothing can be recorded of it. */
const orders = async (state: State): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  const over = new AbortController();
  const begun = (line: string): void => {
    const key = /^(?<key>(?:launch|stop|pause|resume|verify|merge) {1,3}\S+ *): /u.exec(line)?.groups?.['key'];
    if (key === undefined) return;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (counts.get(key)! >= ENDLESS) over.abort();
  };
  const reactor = openReactor(
    partial<DaemonServices>('services', {
      settings: settingsSchema.parse({ agent: 'rehearsal' }),
      store: partial<DaemonServices['store']>('store', { state, subscribe: () => () => undefined }),
      decide: async () => [],
      now: () => AT,
      log: begun,
      signal: over.signal,
    }),
  );
  reactor.poke();
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  over.abort();
  await reactor.idle();
  return counts;
};

test('[REC-3] whatever fails without a fact is tried again, and no more than a few times a minute', async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.subarray(Object.keys(SITUATIONS), { minLength: 1 }), async (names) => {
      const counts = await orders(begin(...names.flatMap((name) => SITUATIONS[name]!)));
      for (const [key, count] of counts) {
        kinds.add(key.split(' ')[0]!);
        expect([key, count > 2 && count <= MOST_A_MINUTE]).toEqual([key, true]);
      }
    }),
    { numRuns: 40 },
  );
  expect([...kinds].toSorted()).toEqual(Object.keys(SITUATIONS).toSorted());
});
