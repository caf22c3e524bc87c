import { expect, test } from 'vitest';
import { makeFollowedJournal } from '../../../src/cli/follow/followed-journal.ts';
import type { AppEvent } from '../../../src/state/index.ts';

const timeOf = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;

/** An event of that number, which happened in that minute. */
const event = (seq: number, minute = seq): AppEvent =>
  ({ seq, at: timeOf(minute), actor: 'cli', corr: `c-${minute}`, type: 'swarm.paused', data: {} }) as AppEvent;

/** Follows one connection to a journal; what was told, and what was said. */
const connect = (journal: ReturnType<typeof makeFollowedJournal>, events: readonly AppEvent[]) => {
  const from = journal.ask() ?? 0;
  const told: number[] = [];
  const steps = [journal.noteJournal({ kind: 'journal', first: 1, last: events.at(-1)!.seq })];
  for (const one of events) {
    if (one.seq < from || steps.at(-1)!.isOver) continue;
    const step = journal.take(one);
    steps.push(step);
    if (step.isNews) told.push(one.seq);
  }
  return { from, told, said: steps.flatMap(({ said }) => said ?? []), isOver: steps.at(-1)!.isOver };
};

const follow = (from: number | undefined) => makeFollowedJournal(from, () => timeOf(3));
const upTo = (last: number): AppEvent[] => Array.from({ length: last }, (_, n) => event(n + 1));
const REPLACED = ['the journal was replaced, what has happened in it since 2026-01-01T00:05:00.000Z is told'];

test('each event is told once over connections, and the last one is asked for again', () => {
  const journal = follow(2);
  expect(connect(journal, upTo(5))).toEqual({ from: 2, told: [2, 3, 4, 5], said: [], isOver: false });
  expect(connect(journal, upTo(7))).toEqual({ from: 5, told: [6, 7], said: [], isOver: false });
});

test('of an older journal that is shorter all is told that has happened since, once it is asked for', () => {
  const journal = follow(1);
  connect(journal, upTo(5));
  const restored = [...upTo(2), event(3, 10), event(4, 11)];
  expect(connect(journal, restored.slice(0, 3))).toEqual({ from: 5, told: [], said: REPLACED, isOver: true });
  expect(connect(journal, restored)).toEqual({ from: 1, told: [3, 4], said: [], isOver: false });
  expect(connect(journal, [...restored, event(5, 12)])).toEqual({ from: 4, told: [5], said: [], isOver: false });
});

test('an older journal that has become longer is known by another event in the place of the last one', () => {
  const journal = follow(1);
  connect(journal, upTo(5));
  const restored = [...upTo(2), ...[3, 4, 5, 6, 7].map((seq) => event(seq, seq + 10))];
  expect(connect(journal, restored)).toEqual({ from: 5, told: [], said: REPLACED, isOver: true });
  expect(connect(journal, restored)).toEqual({ from: 1, told: [3, 4, 5, 6, 7], said: [], isOver: false });
});

test('where the clock was set back what comes behind the end of the older journal is told all the same', () => {
  const journal = follow(1);
  connect(journal, upTo(5));
  connect(journal, upTo(2));
  connect(journal, upTo(2));
  expect(journal.take(event(3, 4)).isNews).toBe(true);
  expect(journal.take(event(4, 4)).isNews).toBe(true);
});

test('who began with what comes goes on behind the state, and hears of a journal that ends before it', () => {
  const journal = follow(undefined);
  expect(journal.ask()).toBeUndefined();
  journal.noteState(4);
  expect(connect(journal, upTo(6))).toEqual({ from: 4, told: [5, 6], said: [], isOver: false });
  const other = follow(undefined);
  other.noteState(4);
  expect(connect(other, upTo(2)).said).toEqual([
    'the journal was replaced, what has happened in it since 2026-01-01T00:03:00.000Z is told',
  ]);
});

test('where the journal does not begin or end as was asked is said at the first connection', () => {
  expect(connect(follow(9), upTo(5)).said).toEqual(['the journal ends with event 5: what comes after that is told']);
  const journal = follow(1);
  expect(journal.noteJournal({ kind: 'journal', first: 3, last: 5 }).said).toBe('the journal begins with event 3');
});
