import { appendFileSync, mkdirSync } from 'node:fs';
import { setImmediate as next } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { watchOutput } from '../../../src/daemon/watch/watch-output.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import type { InstanceStateName } from '../../../src/state/instances.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

const ID = 'claude-1';
const WAIT = { timeout: 30_000, interval: 5 };

const begun: readonly EventDraft[] = [
  instanceCreated(ID),
  { type: 'instance.started', data: { instance_id: ID, session: 's', pane: '%1', pid: 7 } },
];
const moved = (state: InstanceStateName, source: 'screen' | 'hook'): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: ID, state, source },
});

/** A daemon with one instance, whose pane prints into its log. */
const place = (...facts: readonly EventDraft[]) => placeOf({}, ...facts);

const placeOf = (adapter: object, ...facts: readonly EventDraft[]) => {
  const folder = temporaryFolder('output');
  const stop = new AbortController();
  const listeners = new Set<(events: readonly [], state: State) => void>();
  const store = {
    state: stateOf(...begun, ...facts),
    subscribe: (listener: (events: readonly [], state: State) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const rings = { count: 0 };
  mkdirSync(`${folder.path}/${ID}`);
  const services = servicesWith({
    ...servicesOn({ paths: { logs: folder.path } }),
    store,
    signal: stop.signal,
    adapterFor: () => adapter,
  });
  watchOutput(services, () => {
    rings.count += 1;
  });
  return {
    rings,
    listeners,
    print: () => appendFileSync(`${folder.path}/${ID}/1.log`, 'x'),
    becomes: (...more: readonly EventDraft[]) => {
      for (const tell of listeners) tell([], stateOf(...begun, ...facts, ...more));
    },
    stop: () => stop.abort(),
    [Symbol.dispose]: () => {
      stop.abort();
      folder[Symbol.dispose]();
    },
  };
};

test('a look is asked for when one that starts has printed and fallen silent', async () => {
  using one = place();
  for (let i = 0; i < 20; i += 1) one.print();
  await vi.waitUntil(() => one.rings.count > 0, WAIT);
});

test('one with a dialog is followed until it goes on, and nobody after the daemon', async () => {
  using one = place(moved('working', 'hook'));
  one.becomes(moved('waiting', 'screen'));
  one.print();
  await vi.waitUntil(() => one.rings.count > 0, WAIT);
  one.becomes(moved('working', 'hook'));
  await next();
  one.becomes(moved('unknown', 'hook'));
  one.print();
  const before = one.rings.count;
  await vi.waitUntil(() => one.rings.count > before, WAIT);
  one.stop();
  expect(one.listeners.size).toBe(0);
});

test('a log that is not there is no reason to fail', () => {
  using one = place({ type: 'instance.removed', data: { instance_id: ID } });
  one.becomes();
  expect(one.rings.count).toBe(0);
});

test('one that is never silent is looked at as well', async () => {
  using one = place();
  const printing = setInterval(one.print, 10);
  try {
    await vi.waitUntil(() => one.rings.count > 1, WAIT);
  } finally {
    clearInterval(printing);
  }
});

test('a dialog that a hook told of is followed where its screen tells how it was answered', async () => {
  using one = placeOf({ readAnswered: () => undefined }, moved('waiting', 'hook'));
  one.print();
  await vi.waitUntil(() => one.rings.count > 0, WAIT);
});
