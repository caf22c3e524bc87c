import { expect, test } from 'vitest';
import { leftText, leftTextInFull, outlookOf } from '../../src/attention/outlook.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { created, moved, START, started, stateOf, task } from '../tui/fake-swarm.ts';

const HOUR = 3_600_000;
const BEGUN = Date.parse(START);
const estimated = (id: string, dependencies: readonly string[] = []): EventDraft[] => {
  const fact = task(id, id, dependencies);
  return fact.type === 'task.created'
    ? [{ ...fact, data: { ...fact.data, task: { ...fact.data.task, estimated_duration: HOUR } } }]
    : [];
};
const swarm: readonly EventDraft[] = [
  created(1),
  created(2),
  moved('rehearsal-1', 'working'),
  moved('rehearsal-2', 'idle'),
  ...estimated('1'),
  ...estimated('2', ['1']),
  { type: 'task.requested', data: { ids: ['1', '2'] } } as unknown as EventDraft,
  ...started('1', 'rehearsal-1'),
];

test('nothing is foretold of work that stands still until a person has a word, nor of what waits for it', () => {
  expect(outlookOf(stateOf(swarm), BEGUN)).toEqual({ leftMs: 2 * HOUR, next: '2', foretold: 2, open: 2, late: null });
  expect(outlookOf(stateOf([...swarm, moved('rehearsal-1', 'waiting', 'Which?')]), BEGUN)).toEqual({
    ...{ leftMs: null, next: null, foretold: 0, open: 2, late: null },
  });
  expect(outlookOf(stateOf([...swarm, moved('rehearsal-1', 'lost')]), BEGUN)).toMatchObject({
    leftMs: null,
    next: null,
  });
  const beside: readonly EventDraft[] = [
    ...swarm,
    ...estimated('3'),
    ...started('3', 'rehearsal-2'),
    moved('rehearsal-2', 'working'),
    moved('rehearsal-1', 'waiting', 'Which?'),
  ];
  expect(outlookOf(stateOf(beside), BEGUN)).toEqual({ leftMs: HOUR, next: null, foretold: 1, open: 3, late: null });
});

test('the time that is left says for how many of the tasks it is, where others wait for a person or to be asked for', () => {
  const asked = outlookOf(stateOf(swarm), BEGUN);
  expect(leftText(asked)).toBe('≈2h 0m left');
  const more = outlookOf(stateOf([...swarm, ...estimated('3'), ...estimated('4'), ...estimated('5')]), BEGUN);
  expect(leftText(more)).toBe('≈2h 0m left for 2 of 5');
});

test('the time that a run has taken already is not foretold again, whenever it is foretold', () => {
  const state = stateOf(swarm);
  const at = (ms: number): number | null => outlookOf(state, BEGUN + ms).leftMs;
  expect([at(0), at(HOUR / 4), at(HOUR / 2)]).toEqual([2 * HOUR, 1.75 * HOUR, 1.5 * HOUR]);
  // What takes longer than was expected takes a tenth longer, and is never said to be over.
  expect([at(HOUR), at(2 * HOUR)]).toEqual([11, 12].map((tenths) => (tenths * HOUR) / 10));
  expect(at(-HOUR)).toBe(2 * HOUR);
});

test('nothing is foretold of what waits for a task that was cancelled or failed', () => {
  const behind = (...over: readonly EventDraft[]) => outlookOf(stateOf([...swarm, ...estimated('3'), ...over]), BEGUN);
  const cancelled: EventDraft = { type: 'task.cancelled', data: { id: '3' } };
  const waits: readonly EventDraft[] = [
    ...estimated('4', ['3']),
    ...estimated('5', ['4']),
    { type: 'task.requested', data: { ids: ['4', '5'] } } as unknown as EventDraft,
  ];
  expect(behind(...waits, cancelled)).toEqual({ leftMs: 2 * HOUR, next: '2', foretold: 2, open: 4, late: null });
  const failed: readonly EventDraft[] = [
    ...started('3', 'rehearsal-2'),
    { type: 'run.failed', data: { id: '3', failure: { class: 'check', message: 'no' } } },
  ];
  expect(behind(...waits, ...failed)).toEqual({ leftMs: 2 * HOUR, next: '2', foretold: 2, open: 5, late: null });
  // What is begun goes on.
  expect(behind(...estimated('6', ['3']), ...started('6', 'rehearsal-2'), cancelled)).toMatchObject({ foretold: 3 });
});

test('nothing is foretold of the task of an agent that is stuck, or of which nothing is known', () => {
  for (const state of ['stuck', 'unknown'] as const) {
    const beside = [...swarm, ...estimated('3'), ...started('3', 'rehearsal-2'), moved('rehearsal-2', 'working')];
    const { leftMs, foretold } = outlookOf(stateOf([...beside, moved('rehearsal-1', state)]), BEGUN);
    expect([leftMs, foretold]).toEqual([HOUR, 1]);
    expect(outlookOf(stateOf([...swarm, moved('rehearsal-1', state)]), BEGUN).leftMs).toBeNull();
  }
});

test('nothing is foretold of a task that takes far longer than its estimate, nor of what waits for it, and that is said', () => {
  const beside = [...swarm, ...estimated('3'), ...started('3', 'rehearsal-2'), moved('rehearsal-2', 'working')];
  const done: EventDraft = {
    type: 'run.progressed',
    data: { id: '1', progress: 10, note: null },
  };
  const state = stateOf([...beside, done]);
  const hangs = outlookOf(state, BEGUN + 2.5 * HOUR);
  expect(hangs).toMatchObject({ leftMs: null, foretold: 0, open: 3, next: null });
  expect([leftText(hangs), leftTextInFull(hangs)]).toEqual(['≈? left', '≈? left · 1 takes 2h 30m, estimated 1h 0m']);
  // The other one was begun later, and goes on.
  const later = [...beside, ...estimated('4')].map((fact) =>
    fact.type === 'task.created' && fact.data.task.id === '3'
      ? { ...fact, data: { ...fact.data, task: { ...fact.data.task, estimated_duration: 10 * HOUR } } }
      : fact,
  );
  const other = outlookOf(stateOf(later), BEGUN + 2.5 * HOUR);
  expect(other).toMatchObject({ leftMs: 7.5 * HOUR, foretold: 1, open: 4, late: { id: '1', worked: 2.5 * HOUR } });
  expect(leftTextInFull(other)).toBe('≈7h 30m left for 1 of 4 · 1 takes 2h 30m, estimated 1h 0m');
});
