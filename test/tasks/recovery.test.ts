import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/state/index.ts';
import type { Recovery } from '../../src/state/recovery.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import type { FailureClass } from '../../src/state/tasks.ts';
import { plan } from '../../src/tasks/plan.ts';
import { canMove, isComingBack, recoveryOf, recoveryRulesIn, unfinishedRun } from '../../src/tasks/recovery.ts';
import { AT, after, assigned, begin, created, instance, moved, requested, started } from './journal.ts';

const LATER = '2026-01-01T00:00:05.000Z';
const recovery: Recovery = {
  ...{ task: '1', class: 'crash', message: 'it ended', tries: 1, most: 3, unready: false },
  ...{ next: 'restart', due: LATER },
};
const planned = (id: string, changes: Partial<Recovery> = {}): EventDraft => ({
  type: 'instance.recovery_planned',
  data: { instance_id: id, recovery: { ...recovery, ...changes } },
});
const ended = (id: string, kind: FailureClass): EventDraft => ({
  type: 'run.failed',
  data: { id, failure: { class: kind, message: kind } },
});
/** An instance of another program. */
const other = (id: string): EventDraft[] =>
  instance(id).map((draft) =>
    draft.type === 'instance.created' ? { ...draft, data: { ...draft.data, agent: 'other' } } : draft,
  );
const atWork = begin(...instance('c-1', 'working'), created('1'), requested('1'), started('1', 'c-1'));

test('[REC-3] a failed program is started again when its time has come, and not while the swarm is paused', () => {
  const broken = after(atWork, moved('c-1', 'failed'), planned('c-1'));
  expect(plan(broken, { now: AT })).toEqual([]);
  expect(plan(broken, { now: LATER })).toEqual([{ kind: 'restart', instance: 'c-1' }]);
  expect(plan(after(broken, { type: 'swarm.paused', data: {} }), { now: LATER })).toEqual([]);
  // It lives again by itself: a hang that was none.
  expect(plan(after(broken, moved('c-1', 'creating'), moved('c-1', 'starting')), { now: LATER })).toEqual([]);
  expect(isComingBack(broken.instances['c-1']!)).toBe(true);
});

test('one that takes prompts again is told to go on; one whose tries are used up loses its run; one that waits for a person is left', () => {
  const back = after(atWork, moved('c-1', 'idle'), planned('c-1', { next: 'go-on', due: null }));
  expect(plan(back, { now: AT })).toEqual([{ kind: 'continue', task: '1', instance: 'c-1' }]);
  const over = after(atWork, moved('c-1', 'failed'), planned('c-1', { next: 'move', due: null }));
  expect(plan(over, { now: AT })).toEqual([{ kind: 'hand-over', task: '1', instance: 'c-1' }]);
  const lost = after(atWork, moved('c-1', 'lost'), planned('c-1', { next: 'person', due: null }));
  expect(plan(lost, { now: LATER })).toEqual([]);
  expect(isComingBack(lost.instances['c-1']!)).toBe(false);
  expect(isComingBack(atWork.instances['c-1']!)).toBe(false);
});

test('a run that has ended has nothing to be started again for', () => {
  const broken = after(atWork, moved('c-1', 'failed'), planned('c-1'), ended('1', 'stopped'));
  expect(broken.instances['c-1']!.recovery).toBeNull();
});

test('[REC-3] what was given up goes to another program first, to nobody who failed at it, and not round and round', () => {
  const open: EventDraft[] = [
    ended('1', 'crash'),
    { type: 'task.reopened', data: { id: '1', reason: 'x' } },
    requested('1'),
  ];
  const given = after(atWork, ...open, moved('c-1', 'failed'), ...instance('c-2'), ...other('z-1'));
  expect(plan(given, { now: AT })[0]).toMatchObject({ kind: 'assign', instance: 'z-1' });
  const same = after(atWork, ...open, moved('c-1', 'failed'), ...instance('c-2'));
  expect(plan(same, { now: AT })[0]).toMatchObject({ kind: 'assign', instance: 'c-2' });
  const state = after(atWork, ...instance('c-2'));
  const may = (now: typeof state, moves = 1) => canMove(now, now.tasks['1']!, now.instances['c-1']!, moves);
  expect([may(state), may(state, 0), may(atWork)]).toEqual([true, false, false]);
  const pinned = after(state, assigned('1', 'c-1', true), started('1', 'c-1'));
  expect(may(pinned)).toBe(false);
  const again = after(state, ...open, started('1', 'c-2'));
  expect(canMove(again, again.tasks['1']!, again.instances['c-2']!, 1)).toBe(false);
  expect(canMove(again, again.tasks['1']!, again.instances['c-2']!, 2)).toBe(false);
  const third = after(again, ...instance('c-3'));
  expect(canMove(third, third.tasks['1']!, third.instances['c-2']!, 2)).toBe(true);
});

const limited = (until: string): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: 'c-1', state: 'limited', source: 'hook', until },
});

test('a task whose agent has used up its limit for long goes to a free instance of another program, else it waits', () => {
  const waits = after(atWork, limited('2026-01-01T01:00:00.000Z'), ...other('z-1'));
  const options = { now: AT, patientUntil: '2026-01-01T00:10:00.000Z', moves: 1 };
  expect(plan(waits, options)).toEqual([{ kind: 'hand-over', task: '1', instance: 'c-1' }]);
  const none: [string, EventDraft[]][] = [
    ['it ends soon', [limited('2026-01-01T00:09:00.000Z')]],
    ['the other one is busy', [moved('z-1', 'working')]],
    ['the swarm is paused', [{ type: 'swarm.paused', data: {} }]],
    ['it has no run', [ended('1', 'stopped')]],
  ];
  for (const [why, facts] of none) expect([why, plan(after(waits, ...facts), options)]).toEqual([why, []]);
  const account = after(atWork, limited('2026-01-01T01:00:00.000Z'), ...instance('c-2'));
  expect(plan(account, options)).toEqual([]);
  expect(plan(waits, { now: AT })).toEqual([]);
});

test('rests double, and what is worth no further try is not tried', () => {
  const rules = recoveryRulesIn(settingsSchema.parse({ recovery: { tries: 9, backoff_ms: 60_000 } }));
  const later = (ms: number): string => String(ms);
  const of = (tries: number, changes = {}) =>
    recoveryOf(
      { recovery: tries === 0 ? null : { ...recovery, tries }, state: atWork.instances['c-1']!.state },
      '1',
      { class: 'crash', message: 'm', ...changes },
      { rules, later },
    );
  expect([of(0)?.due, of(1)?.due, of(2)?.due, of(5)?.due]).toEqual(['60000', '120000', '240000', '300000']);
  expect(of(0, { restMs: 90_000 })?.due).toBe('90000');
  expect([of(8)?.next, of(0, { instead: 'move' })?.next, of(4, { instead: 'person' })]).toMatchObject([
    'move',
    'move',
    { next: 'person', tries: 4 },
  ]);
});

test('only work that was left unfinished is gone on with', () => {
  const classes = (['crash', 'stopped', 'limited', 'check', 'no-commit'] as const).filter((kind) =>
    unfinishedRun(after(atWork, ended('1', kind)).tasks['1']!),
  );
  expect(classes).toEqual(['crash', 'stopped', 'limited']);
  expect(unfinishedRun(atWork.tasks['1']!)).toBeUndefined();
  expect(unfinishedRun(begin(created('1')).tasks['1']!)).toBeUndefined();
});
