import { expect, test } from 'vitest';
import type { Listener } from '../../../src/daemon/config/live-config.ts';
import { outdatedFacts, watchSettings } from '../../../src/daemon/watch/watch-settings.ts';
import { badSetting } from '../../../src/state/errors.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import { servicesWith } from '../../helpers/services.ts';

const why = badSetting({ key: 'agent', value: 'x', issue: 'no' });

/** A services in which what is heard of the settings is said by the test. */
const place = ({ known = false, fails = false } = {}) => {
  const log: string[] = [];
  const facts: EventDraft[] = [];
  const stop = new AbortController();
  const state = { alerts: known ? { 'config:broken': {} } : {} } as unknown as State;
  let heard: Listener | undefined;
  const services = servicesWith({
    config: {
      settings: { agent: 'kiro' },
      follow: async (one: Listener) => {
        heard = one;
        if (fails) throw new Error('no watches left');
      },
    },
    decide: async (decided: (state: State) => readonly EventDraft[]) => {
      if (fails) throw new Error('the disk is full');
      facts.push(...decided(state));
    },
    log: (line: string) => void log.push(line),
    store: { state },
    signal: stop.signal,
  });
  let poked = 0;
  const { done } = watchSettings(services, () => {
    poked += 1;
  });
  return { log, facts, stop, heard: heard!, done, poked: () => poked };
};

test('a change is told in the log, key by key, and everything is looked at again', async () => {
  const { heard, log, done, poked } = place();
  heard.changed(['agent', 'checks.task']);
  await done;
  expect(log).toEqual(['settings: agent is now "kiro"', 'settings: checks.task is now null']);
  expect(poked()).toBe(1);
});

test('what is broken is an alert, and its end puts that away', async () => {
  const { heard, facts, done } = place();
  heard.broken(why);
  await done;
  expect(facts).toMatchObject([
    { type: 'alert.raised', data: { id: 'config:broken', text: expect.stringContaining('agent') } },
  ]);
  heard.broken(null);
  await done;
  expect(facts).toHaveLength(1);
  const before = place({ known: true });
  await before.done;
  before.heard.broken(null);
  await before.done;
  expect(before.facts).toMatchObject([{ type: 'alert.cleared' }, { type: 'alert.cleared' }]);
});

test('what cannot be recorded or followed is told in the log, unless everything ends anyway', async () => {
  const { heard, log, done } = place({ known: true, fails: true });
  heard.broken(why);
  heard.broken(null);
  await done;
  expect(log).toEqual(expect.arrayContaining(['settings: the disk is full', 'settings: no watches left']));
  const ended = place({ known: true, fails: true });
  ended.stop.abort();
  await ended.done;
  expect(ended.log).toEqual([]);
});

test('what a former version took is an alert that says what to write, until nothing is so any more', async () => {
  const found = {
    file: '/r/config.json',
    line: 4,
    issue: 'branches.task: only {task} stands for something',
    hint: 'Write it.',
  };
  const { heard, facts, log, done } = place();
  heard.outdated([found]);
  await done;
  const text = '/r/config.json, line 4: branches.task: only {task} stands for something. Write it.';
  expect(facts).toMatchObject([{ type: 'alert.raised', data: { id: 'config:outdated', severity: 'warning', text } }]);
  expect(log).toEqual([`settings: ${text}`]);
  const state = { alerts: { 'config:outdated': { text } } } as unknown as State;
  expect(outdatedFacts(state, [found])).toEqual([]);
  expect(outdatedFacts(state, [])).toMatchObject([{ type: 'alert.cleared', data: { id: 'config:outdated' } }]);
});
