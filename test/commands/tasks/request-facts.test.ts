import { expect, test } from 'vitest';
import { checkWish, endedIn, requestFacts, type Wish } from '../../../src/commands/tasks/request-facts.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import { after, assigned, begin, created, failed, instance, moved, requested, started } from '../../tasks/journal.ts';

const wish = (changes: Partial<Wish> = {}): Wish => ({
  mode: null,
  fresh: false,
  sequential: false,
  group: null,
  agent: null,
  on: undefined,
  ...changes,
});
const asked = (state: State, ids: readonly string[], how: Partial<Wish> = {}, launched?: string) =>
  requestFacts(
    state,
    ids.map((id) => state.tasks[id]!),
    wish(how),
    launched,
  );
const requestedData = (facts: readonly EventDraft[]) =>
  facts.flatMap((fact) => (fact.type === 'task.requested' ? [fact.data] : []));
const row = (facts: readonly EventDraft[]) =>
  facts.flatMap((fact) => (fact.type === 'task.assigned' ? [`${fact.data.id} ${fact.data.instance}`] : []));
const inMode = (id: string, mode: string): EventDraft => ({
  type: 'instance.restart_requested',
  data: { instance_id: id, fresh: true, mode, task: 'other' },
});

test('what is asked for anew is asked for as it is said, what waits already keeps what is not said', () => {
  const state = begin(created('1'), created('2'), requested('2'));
  expect(requestedData(asked(state, ['1', '2']))).toEqual([
    { ids: ['1'], mode: null, fresh: false, group: null, agent: null, retries: 0 },
    { ids: ['2'], retries: 0 },
  ]);
  const how = { mode: 'tdd', fresh: true, group: 'g', agent: 'x' };
  expect(requestedData(asked(state, ['2'], how))).toEqual([{ ids: ['2'], ...how, retries: 0 }]);
});

test('a row of tasks goes to one that is free and in the mode, else to a free one, else to the least busy', () => {
  const tasks = [created('2'), created('1'), created('3')];
  const busy = begin(...instance('c-1', 'working'), ...instance('c-2', 'working'), ...tasks, assigned('3', 'c-1'));
  const chosen = (state: State, mode: string | null = null) =>
    row(asked(state, ['2', '1'], { sequential: true, mode }));
  expect(chosen(busy)).toEqual(['1 c-2', '2 c-2']);
  const free = after(busy, ...instance('c-3'), ...instance('c-4'));
  expect(chosen(free)).toEqual(['1 c-3', '2 c-3']);
  expect(chosen(after(free, inMode('c-4', 'tdd'), moved('c-4', 'idle')), 'tdd')).toEqual(['1 c-4', '2 c-4']);
  expect(row(asked(free, ['1'], { sequential: true }, 'c-9'))).toEqual(['1 c-9']);
  expect(row(asked(begin(...tasks), ['1'], { sequential: true }))).toEqual([]);
});

test('a row of tasks for a named instance is in the order of the plan too', () => {
  const state = begin(...instance('c-1'), created('2'), created('1'));
  expect(row(asked(state, ['2', '1'], { on: 'c-1' }))).toEqual(['2 c-1', '1 c-1']);
  expect(row(asked(state, ['2', '1'], { on: 'c-1', sequential: true }))).toEqual(['1 c-1', '2 c-1']);
});

test('a failed task that is run again stays with whom a person gave it to, while that one is there and nothing else is said', () => {
  const begun = [...instance('c-1'), ...instance('c-2'), created('1'), created('2')];
  const given: EventDraft = {
    type: 'task.assigned',
    data: { id: '1', instance: 'c-2', pinned: true, reason: 'by hand' },
  };
  const state = begin(
    ...begun,
    given,
    started('1', 'c-2'),
    failed('1'),
    assigned('2', 'c-1'),
    started('2', 'c-1'),
    failed('2'),
  );
  const facts = asked(state, ['1', '2']);
  expect(row(facts)).toEqual(['1 c-2']);
  expect(after(state, ...facts).tasks['1']).toMatchObject({ state: 'assigned', assignee: 'c-2', pinned: true });
  expect(row(asked(state, ['1'], { agent: 'kiro' }))).toEqual([]);
  expect(row(asked(state, ['1'], { group: 'g' }))).toEqual([]);
  expect(row(asked(state, ['1'], { on: 'c-1' }))).toEqual(['1 c-1']);
  expect(row(asked(after(state, moved('c-2', 'failed')), ['1']))).toEqual([]);
});

test('an instance that is named and does not fit what else is said is refused', () => {
  const state = begin(...instance('c-1'), { type: 'group.created', data: { group_id: 'g', description: '' } });
  checkWish(state, wish({ on: 'c-1', agent: 'rehearsal' }));
  checkWish(state, wish({ group: 'g' }));
  expect(() => checkWish(state, wish({ on: 'c-1', agent: 'kiro' }))).toThrow(/agent: c-1 runs rehearsal/u);
  expect(() => checkWish(state, wish({ on: 'c-1', group: 'g' }))).toThrow(/group: c-1 belongs to no group/u);
  expect(() => checkWish(state, wish({ group: 'h' }))).toThrow(expect.objectContaining({ exit: 3 }));
});

const none = () => 0;

test('a task has ended when it failed for good, or when nobody is there who could do it', () => {
  const base = begin(...instance('c-1'), created('1'), created('2', { dependencies: ['1'] }), requested('1', '2'));
  expect([endedIn(base, none)('1'), endedIn(base, none)('2'), endedIn(base, none)('x')]).toEqual([false, false, true]);
  const broken = after(base, started('1', 'c-1'), failed('1'));
  expect([endedIn(broken, none)('1'), endedIn(broken, () => 1)('1')]).toEqual([true, false]);
  expect(endedIn(broken, none)('2')).toBe(true);
  const alone = after(broken, moved('c-1', 'failed'));
  expect(endedIn(alone, () => 1)('1')).toBe(true);
  const elsewhere = after(base, { type: 'task.requested', data: { ids: ['1'], agent: 'kiro' } });
  expect(endedIn(elsewhere, none)('1')).toBe(true);
  const queued = after(base, assigned('1', 'c-1', true));
  expect(endedIn(queued, none)('1')).toBe(false);
  expect(endedIn(after(queued, ...instance('c-2'), moved('c-1', 'stopped')), none)('1')).toBe(true);
  expect(endedIn(after(base, { type: 'task.reopened', data: { id: '1', reason: 'r' } }), none)('1')).toBe(true);
  const behind = after(broken, assigned('2', 'c-1', true));
  expect(endedIn(behind, none)('2')).toBe(true);
});

test('a plan in which each task waits for all of the wave before is looked through at once', () => {
  const waves = Array.from({ length: 25 }, (_, n) => Array.from({ length: 8 }, (_, i) => `${n}-${i}`));
  const tasks = waves.flatMap((wave, n) => wave.map((id) => created(id, { dependencies: [...(waves[n - 1] ?? [])] })));
  const state = begin(...instance('c-1'), ...tasks, requested(...waves.flat()), started('0-0', 'c-1'));
  const hasEnded = endedIn(state, none);
  expect(waves.flat().filter(hasEnded)).toEqual([]);
  const held = after(state, { type: 'task.held', data: { id: '3-1', held: true } });
  expect(waves.flat().filter((id) => !endedIn(held, none)(id))).toEqual(
    waves
      .slice(0, 4)
      .flat()
      .filter((id) => id !== '3-1'),
  );
});
