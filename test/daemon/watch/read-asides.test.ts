import { expect, test } from 'vitest';
import type { AgentAdapter, Signal } from '../../../src/agents/adapter.ts';
import { makeAsideReader } from '../../../src/daemon/watch/read-asides.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import type { InstanceStateName, SOURCES } from '../../../src/state/instances.ts';
import { servicesWith } from '../../helpers/services.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

const ID = 'claude-1';

const is = (state: InstanceStateName, source: (typeof SOURCES)[number], evidence = 'x'): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: ID, state, source, evidence, ...(state === 'waiting' ? { question: 'Q' } : {}) },
});
const alert: EventDraft = {
  type: 'alert.raised',
  data: { id: `waiting:${ID}`, severity: 'warning', text: 'Q', suggestion: null, instance: ID, task: null },
};

const adapter: Partial<AgentAdapter> = {
  readDialog: (screen) => (screen.includes('trust') ? { kind: 'waiting', question: 'trust?' } : undefined),
  readBox: (screen) => (screen.includes('❯') ? '' : undefined),
  readRetry: (screen) => /error (?<n>\d+)/u.exec(screen)?.[0],
};

/** Reads a screen of an instance with this history; what was taken and what was recorded. */
const stage = (
  facts: readonly EventDraft[],
  { agent = adapter, later = 5000, heard = [] as [string, number][] } = {},
) => {
  const state = stateOf(instanceCreated(ID), is('starting', 'terminal'), ...facts);
  const instance = state.instances[ID]!;
  const taken: Signal[] = [];
  const recorded: EventDraft[] = [];
  const services = servicesWith({
    store: { state },
    adapterFor: () => agent,
    now: () => new Date(Date.parse(instance.state.since) + later).toISOString(),
    decide: async (decide: (state: State) => readonly EventDraft[]) => void recorded.push(...decide(state)),
  });
  const asides = makeAsideReader(services, new Map(heard), async (_id, signal) => void taken.push(signal));
  return { asides, instance, taken, recorded };
};

test('screens are worth a look before the first prompt, and while nothing is heard of one at work', () => {
  const wanted = (facts: readonly EventDraft[], options = {}) => {
    const { asides, instance } = stage(facts, options);
    return asides.wanted(instance);
  };
  expect([[], [is('idle', 'hook')], [is('unknown', 'hook')], [is('waiting', 'screen')]].map((f) => wanted(f))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(wanted([is('waiting', 'hook')])).toBe(false);
  expect(wanted([is('working', 'hook')])).toBe(true);
  expect(wanted([is('working', 'hook')], { later: 1000 })).toBe(false);
  expect(wanted([], { agent: {} })).toBe(false);
});

test('a dialog is told; when it is gone the agent is ready where its box is seen, else it starts, or nobody knows', async () => {
  const open = stage([]);
  await open.asides.read(open.instance, 'do you trust it');
  expect(open.taken).toEqual([{ kind: 'waiting', question: 'trust?' }]);
  const none = stage([is('idle', 'hook')]);
  await none.asides.read(none.instance, '❯');
  expect([none.taken, none.recorded]).toEqual([[], []]);
  for (const [screen, state, before] of [
    ['❯', 'idle', []],
    ['', 'starting', []],
    ['', 'unknown', [is('idle', 'hook')]],
  ] as const) {
    const gone = stage([...before, is('waiting', 'screen'), alert]);
    await gone.asides.read(gone.instance, screen);
    expect(gone.recorded).toMatchObject([
      { type: 'alert.cleared' },
      { data: { state, evidence: 'its dialog is gone' } },
    ]);
  }
});

test('who has told that it starts is ready when its box is there, and not before', async () => {
  const heard: [string, number][] = [[ID, Date.parse('2099-01-01')]];
  const box = stage([], { heard });
  await box.asides.read(box.instance, '❯');
  expect(box.recorded).toMatchObject([{ data: { state: 'idle', source: 'hook', evidence: 'ready' } }]);
  const drawing = stage([], { heard });
  await drawing.asides.read(drawing.instance, 'Welcome');
  const silent = stage([]);
  await silent.asides.read(silent.instance, '❯');
  expect([drawing.recorded, silent.recorded]).toEqual([[], []]);
  // The dialog before it was answered after its hook had told.
  const answered = stage([is('waiting', 'screen'), is('unknown', 'screen')], { heard });
  await answered.asides.read(answered.instance, '❯');
  expect(answered.recorded).toMatchObject([{ data: { state: 'idle', source: 'hook' } }]);
  // In between it has been given work.
  const busy = stage([is('working', 'hook')], { heard });
  await busy.asides.read({ ...busy.instance, state: { ...busy.instance.state, kind: 'starting' } }, '❯');
  expect(busy.recorded).toEqual([]);
});

test('a call that is tried again is the evidence of its work, until it is answered', async () => {
  const retrying = stage([is('working', 'hook')]);
  await retrying.asides.read(retrying.instance, 'error 429');
  expect(retrying.recorded).toMatchObject([{ data: { source: 'screen', evidence: 'retrying: error 429' } }]);
  const later = stage([is('working', 'screen', 'retrying: error 429')]);
  await later.asides.read(later.instance, 'error 430');
  expect(later.recorded).toMatchObject([{ data: { source: 'screen', evidence: 'retrying: error 430' } }]);
  const same = stage([is('working', 'screen', 'retrying: error 429')]);
  await same.asides.read(same.instance, 'error 429');
  expect(same.recorded).toEqual([]);
  const over = stage([is('working', 'screen', 'retrying: error 429')]);
  await over.asides.read(over.instance, 'words');
  expect(over.recorded).toMatchObject([{ data: { source: 'terminal', evidence: 'its call was answered' } }]);
  const calm = stage([is('working', 'hook')]);
  await calm.asides.read(calm.instance, 'words');
  const asked = stage([is('waiting', 'hook')]);
  await asked.asides.read(asked.instance, 'error 429');
  expect([calm.recorded, asked.recorded]).toEqual([[], []]);
});

test('a dialog that was seen and gave way to the box was answered in its terminal', async () => {
  const agent: Partial<AgentAdapter> = {
    ...adapter,
    readAsking: (screen) => screen.includes('Yes or no'),
    readAnswered: (screen) => (screen === 'busy' ? 'works' : screen === 'free' ? 'rests' : undefined),
  };
  const request = { ask: null, tool: 'Bash', subject: 'x', helper: null, question: 'Q' };
  const asks = (count: number): EventDraft => {
    const { data, ...fact } = is('waiting', 'hook') as Extract<EventDraft, { type: 'instance.moved' }>;
    return { ...fact, data: { ...data, requests: Array.from({ length: count }, () => request) } };
  };
  const read = async (...screens: string[]) => {
    const { asides, instance, taken } = stage([asks(1)], { agent });
    expect(asides.wanted(instance)).toBe(true);
    for (const screen of screens) await asides.read(instance, screen);
    return taken;
  };
  expect(await read('Yes or no', 'busy')).toEqual([{ kind: 'working', note: 'answered in its terminal' }]);
  expect(await read('Yes or no', 'free')).toEqual([{ kind: 'rests' }]);
  // It was not drawn yet; it stands there; another page covers it.
  for (const screens of [['busy'], ['Yes or no', 'Yes or no'], ['Yes or no', 'a page']])
    expect(await read(...screens)).toEqual([]);
  // Of several the next one is shown a moment later, and one that waits with none is not answered by a dialog.
  for (const count of [0, 2]) {
    const { asides, instance } = stage([asks(count)], { agent });
    expect(asides.wanted(instance)).toBe(false);
  }
});
