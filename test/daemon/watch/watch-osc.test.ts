import { appendFileSync, mkdirSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { readCodexOsc } from '../../../src/agents/osc.ts';
import { watchOsc } from '../../../src/daemon/watch/watch-osc.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

const ID = 'codex-1';
const T0 = 1_800_000_000_000;

const begun: readonly EventDraft[] = [
  instanceCreated(ID),
  { type: 'instance.started', data: { instance_id: ID, session: 's', pane: '%1', pid: 7 } },
];
const moved = (state: 'working' | 'waiting' | 'stopped', source: 'hook' | 'screen' = 'hook'): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: ID, state, source, ...(state === 'waiting' ? { question: 'May it?' } : {}) },
});

/** A services with one agent, whose log we write. */
const place = ({ hooks = true, reads = true, readOsc = readCodexOsc, works = () => Promise.resolve() } = {}) => {
  const folder = temporaryFolder('osc');
  const stop = new AbortController();
  const log: string[] = [];
  const listeners: ((events: readonly [], state: State) => void)[] = [];
  const store = {
    state: stateOf(...begun),
    subscribe: (listener: (events: readonly [], state: State) => void) => {
      listeners.push(listener);
      return () => void listeners.splice(listeners.indexOf(listener), 1);
    },
  };
  const services = {
    ...servicesOn({ paths: { logs: folder.path } }),
    store,
    adapterFor: () => ({ hooks, ...(reads ? { readOsc } : {}) }),
    now: () => new Date(T0).toISOString(),
    log: (line: string) => void log.push(line),
    signal: stop.signal,
  };
  const heard: string[] = [];
  mkdirSync(`${folder.path}/${ID}`);
  const says = (state: string): void =>
    appendFileSync(`${folder.path}/${ID}/000001.log`, `x\u001B]7501;state=${state}:app=codex\u0007y`);
  const draws = (): void => appendFileSync(`${folder.path}/${ID}/000001.log`, 'done');
  return {
    ...{ log, heard, says, draws, listeners },
    works: () => heard.filter((one) => one.endsWith('works')).length,
    open: () =>
      watchOsc(servicesWith(services), {
        works: (id) => {
          heard.push(`${id} works`);
          return works();
        },
        drawn: () => void heard.push('drawn'),
      }),
    becomes: (...facts: readonly EventDraft[]): void => {
      store.state = stateOf(...begun, ...facts);
      for (const listener of listeners) listener([], store.state);
    },
    [Symbol.dispose]: () => {
      stop.abort();
      folder[Symbol.dispose]();
    },
  };
};

const soon = { timeout: 30_000, interval: 5 };

test('an agent without hooks that tells its terminal that it works does so, and that it rests is read from its screen', async () => {
  using one = place({ hooks: false });
  one.says('idle');
  const osc = one.open();
  await vi.waitUntil(() => one.heard.includes('drawn'), soon);
  expect([osc.restsSince(ID), one.works()]).toEqual([T0, 0]);
  one.says('working');
  await vi.waitUntil(() => one.works() === 1, soon);
  expect(osc.restsSince(ID)).toBeUndefined();
  // The same again is no news, and neither is what nobody understands.
  one.says('dreaming');
  one.says('working');
  one.says('done');
  one.heard.length = 0;
  await vi.waitUntil(() => osc.restsSince(ID) === T0 && one.heard.includes('drawn'), soon);
  expect(one.works()).toBe(0);
  // As long as it is not known to rest, what it draws after that is looked at.
  one.becomes(moved('working'));
  one.heard.length = 0;
  one.draws();
  await vi.waitUntil(() => one.heard.includes('drawn'), soon);
});

test('one with hooks goes on when somebody answered in its terminal, and begins when its hooks say so', async () => {
  using one = place();
  one.open();
  /** Tells its terminal one after the other; each of them rings when it is read. Gives how often its work was news. */
  const tells = async (...states: readonly string[]): Promise<number> => {
    let count = 0;
    for (const state of states) {
      one.heard.length = 0;
      one.says(state);
      await vi.waitUntil(() => one.heard.includes('drawn'), soon);
      count += one.works();
    }
    return count;
  };
  one.becomes(moved('working'));
  expect(await tells('blocked', 'working')).toBe(0);
  // A dialog of its start is over before it begins anything.
  one.becomes(moved('waiting', 'screen'));
  expect(await tells('blocked', 'working')).toBe(0);
  one.becomes(moved('working'), moved('waiting'));
  expect(await tells('blocked', 'working')).toBe(1);
});

test('one that ended is not followed any more, and what cannot be recorded is told of', async () => {
  using one = place({ hooks: false, works: () => Promise.reject(new Error('the disk is full')) });
  const osc = one.open();
  one.says('idle');
  await vi.waitUntil(() => osc.restsSince(ID) !== undefined, soon);
  one.says('working');
  await vi.waitUntil(() => one.log.length > 0, soon);
  expect(one.log).toEqual(['that codex-1 works was not recorded: the disk is full']);
  one.says('idle');
  await vi.waitUntil(() => osc.restsSince(ID) !== undefined, soon);
  one.becomes(moved('stopped'));
  expect(osc.restsSince(ID)).toBeUndefined();
});

test('an agent that tells its terminal nothing is not followed', () => {
  using one = place({ reads: false });
  expect(one.open().restsSince(ID)).toBeUndefined();
  expect(one.listeners).toHaveLength(1);
});

test('what cannot be read of an agent is told of, and nothing of it is known', async () => {
  const readOsc = (): never => {
    throw 'another language';
  };
  using one = place({ readOsc });
  const osc = one.open();
  one.says('idle');
  await vi.waitUntil(() => one.log.length > 0, soon);
  expect(one.log).toEqual(['what codex-1 tells its terminal could not be read: another language']);
  expect(osc.restsSince(ID)).toBeUndefined();
});
