import { expect, test } from 'vitest';
import { watchLimits } from '../../../src/daemon/watch/watch-limits.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const NOW = '2026-11-20T08:00:00.000Z';

const ID = 'claude-1';
const begun: readonly EventDraft[] = [
  instanceCreated(ID),
  { type: 'instance.moved', data: { instance_id: ID, state: 'starting', source: 'terminal' } },
  taskCreated('1'),
  { type: 'task.assigned', data: { id: '1', instance: ID, pinned: false, reason: 'x' } },
  { type: 'run.started', data: { id: '1', instance: ID, branch: 'b', start_commit: 'c' } },
];

const BOX = '─'.repeat(20);

/** A daemon's services with one agent at its limit, and what was typed into it. */
const limitedWorld = (facts: readonly EventDraft[], { screen = '', minutes = 10 } = {}) => {
  const stop = new AbortController();
  const typed: string[] = [];
  const recorded: EventDraft[] = [];
  const log: string[] = [];
  let box = '';
  const state = stateOf(...facts);
  const until = state.instances[ID]!.state.until ?? NOW;
  const services = {
    store: { state },
    adapterFor: () => ({
      readBox: () => box,
      readGoesOn: (text: string) => text.includes('continuing'),
    }),
    ...servicesOn({
      tmux: {
        capture: async () => screen,
        type: async (_pane: string, text: string) => {
          box = text;
        },
        press: async () => {
          typed.push(box);
          box = '';
          if (typed.length > 0) stop.abort();
        },
      },
    }),
    decide: async (decide: (now: typeof state) => readonly EventDraft[]) => {
      recorded.push(...decide(state));
      stop.abort();
    },
    now: () => new Date(Date.parse(until) + minutes * 60_000).toISOString(),
    log: (line: string) => void log.push(line),
    signal: stop.signal,
  };
  return { services: servicesWith(services), state, typed, recorded, log, stop };
};

const placed: EventDraft = { type: 'instance.started', data: { instance_id: ID, session: 's', pane: '%1', pid: 7 } };
const limit: EventDraft = {
  type: 'instance.moved',
  data: { instance_id: ID, state: 'limited', source: 'hook', evidence: 'limit', until: NOW },
};
const alert: EventDraft = {
  type: 'alert.raised',
  data: { id: `limited:${ID}`, severity: 'warning', text: 'x', suggestion: null, instance: ID, task: null },
};

test('one whose limit has ended is told to go on with its run', async () => {
  const { services, typed } = limitedWorld([...begun, placed, limit]);
  await watchLimits(services).done;
  expect(typed).toEqual(['Go on.']);
});

test('one without a run is free again when its limit has ended', async () => {
  const { services, typed, recorded } = limitedWorld([instanceCreated(ID), placed, limit, alert]);
  await watchLimits(services).done;
  expect(typed).toEqual([]);
  expect(recorded).toMatchObject([
    { type: 'alert.cleared' },
    { data: { state: 'idle', evidence: 'its limit has ended' } },
  ]);
});

test('one that said it goes on by itself gets the time for that, and one whose limit lasts gets nothing', async () => {
  for (const options of [{ screen: `${BOX} continuing automatically`, minutes: 1 }, { minutes: -1 }]) {
    const { services, typed, stop } = limitedWorld([...begun, placed, limit], options);
    setImmediate(() => setImmediate(() => stop.abort()));
    await watchLimits(services).done;
    expect(typed).toEqual([]);
  }
});

test('what keeps one from going on is told', async () => {
  const { services, log, stop } = limitedWorld([...begun, placed, limit]);
  const broken = servicesWith({
    ...services,
    ...servicesOn({
      tmux: {
        capture: async () => {
          setImmediate(() => stop.abort());
          throw new Error('no pane');
        },
      },
    }),
  });
  await watchLimits(broken).done;
  expect(log).toEqual([`${ID} could not go on: no pane`]);
});
