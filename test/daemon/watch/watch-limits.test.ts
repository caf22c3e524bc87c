import { expect, test } from 'vitest';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import { idleRunFacts, unansweredFacts } from '../../../src/daemon/watch/idle-runs.ts';
import { watchLimits } from '../../../src/daemon/watch/watch-limits.ts';
import type { EventDraft } from '../../../src/state/index.ts';
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
const idle: EventDraft = { type: 'instance.moved', data: { instance_id: ID, state: 'idle', source: 'register' } };

test('an agent that rests in the middle of a run is told of after a while, once, and no longer than that', () => {
  const resting = stateOf(...begun, idle);
  const since = Date.parse(resting.instances[ID]!.state.since);
  expect(idleRunFacts(resting, since + 2000)).toEqual([]);
  const [raised] = idleRunFacts(resting, since + 3000);
  expect(raised).toMatchObject({ data: { id: `interrupted:${ID}`, suggestion: `tell ${ID} "Go on."`, task: '1' } });
  expect(idleRunFacts(stateOf(...begun, idle, raised!), since + 9000)).toEqual([]);
  const failure = { class: 'stopped', message: 'm' } as const;
  const over = stateOf(...begun, idle, raised!, { type: 'run.failed', data: { id: '1', failure } });
  expect(idleRunFacts(over, since + 9000)).toMatchObject([{ type: 'alert.cleared' }]);
  expect(idleRunFacts(stateOf(...begun), since + 9000)).toEqual([]);
});

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
  return { services: services as unknown as DaemonServices, state, typed, recorded, log, stop };
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
  await watchLimits(services);
  expect(typed).toEqual(['Go on.']);
});

test('one without a run is free again when its limit has ended', async () => {
  const { services, typed, recorded } = limitedWorld([instanceCreated(ID), placed, limit, alert]);
  await watchLimits(services);
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
    await watchLimits(services);
    expect(typed).toEqual([]);
  }
});

test('what keeps one from going on is told', async () => {
  const { services, log, stop } = limitedWorld([...begun, placed, limit]);
  const broken = {
    ...services,
    ...servicesOn({
      tmux: {
        capture: async () => {
          setImmediate(() => stop.abort());
          throw new Error('no pane');
        },
      },
    }),
  } as unknown as DaemonServices;
  await watchLimits(broken);
  expect(log).toEqual([`${ID} could not go on: no pane`]);
});

test('[REC-1] a question that nobody answers in time is told of once, with what helps, until it is answered', () => {
  const asked: EventDraft = {
    type: 'instance.moved',
    data: { instance_id: ID, state: 'waiting', source: 'hook', question: 'Which colour?' },
  };
  const waits = stateOf(...begun, asked);
  const since = Date.parse(waits.instances[ID]!.state.since);
  expect(unansweredFacts(waits, since + 59_000, 60_000)).toEqual([]);
  const [raised] = unansweredFacts(waits, since + 60_000, 60_000);
  expect(raised).toMatchObject({
    data: {
      id: `unanswered:${ID}`,
      severity: 'error',
      text: `${ID} has waited 1 min for an answer, and 1 with it: Which colour?`,
      suggestion: `attach instance ${ID}`,
      task: '1',
    },
  });
  expect(unansweredFacts(stateOf(...begun, asked, raised!), since + 90_000, 60_000)).toEqual([]);
  const idleAgain = stateOf(...begun, asked, raised!, idle);
  expect(unansweredFacts(idleAgain, since, 60_000)).toMatchObject([{ type: 'alert.cleared' }]);
  const known: EventDraft = {
    type: 'alert.raised',
    data: {
      ...{ id: `waiting:${ID}`, severity: 'warning', text: 'x', suggestion: `answer ${ID} "yes"` },
      ...{ instance: ID, task: null },
    } as const,
  };
  const bare: EventDraft = { type: 'instance.moved', data: { instance_id: ID, state: 'waiting', source: 'screen' } };
  expect(unansweredFacts(stateOf(instanceCreated(ID), bare, known), since + 99_000, 20_000)).toMatchObject([
    { data: { text: `${ID} has waited 20 s for an answer: look at its terminal`, suggestion: `answer ${ID} "yes"` } },
  ]);
});
