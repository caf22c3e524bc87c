import { expect, test } from 'vitest';
import { isUnderWay } from '../../src/state/batches.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { stateOf } from './fold.ts';
import { timeOf } from './story.ts';

const started: EventDraft = {
  type: 'batch.started',
  data: { id: 'batch-1', target: 'main', base_commit: 'c0', tasks: ['1', '2'] },
};
const merged: EventDraft = {
  type: 'batch.merged',
  data: { id: 'batch-1', task: '1', branch: 'feature/1', commit: 'c1' },
};
const aside: EventDraft = {
  type: 'batch.set_aside',
  data: { id: 'batch-1', task: '2', reason: 'gate', message: 'the check failed', files: [] },
};

test('a batch knows what it merged, what it set aside and where it stands', () => {
  expect(stateOf(started, merged, aside, { type: 'batch.finished', data: { id: 'batch-1' } }).batches).toEqual({
    'batch-1': {
      id: 'batch-1',
      target: 'main',
      base_commit: 'c0',
      head_commit: 'c1',
      tasks: ['1', '2'],
      merged: [{ task: '1', branch: 'feature/1', commit: 'c1' }],
      set_aside: [{ task: '2', reason: 'gate', message: 'the check failed', files: [] }],
      checks: [],
      state: 'finished',
      started_at: timeOf(1),
      finished_at: timeOf(4),
      rollback: null,
      ...{ strategy: 'merge', resolves: false, side: null, reasons: {} },
      ...{ step: null, publishing: null, cancelled: null, delivery: null },
    },
  });
});

const rollback: EventDraft = {
  type: 'batch.rollback_started',
  data: { id: 'batch-1', method: 'reset', from_commit: 'c1', to_commit: 'c0' },
};

test('a batch knows the checks on its merges, and how it was taken back or why not', () => {
  const check = { task: '1', commit: 'c1', command: 'npm test', ms: 12, problem: null };
  const finished: EventDraft[] = [started, { type: 'batch.checked', data: { id: 'batch-1', ...check } }, merged];
  const failed: EventDraft = { type: 'batch.rollback_failed', data: { id: 'batch-1', problem: 'no' } };
  const one = (...more: EventDraft[]) =>
    stateOf(...finished, { type: 'batch.finished', data: { id: 'batch-1' } }, ...more).batches['batch-1']!;
  expect(one().checks).toEqual([check]);
  expect([one(rollback).state, isUnderWay(one(rollback))]).toEqual(['rolling-back', true]);
  expect(one(rollback, failed)).toMatchObject({
    state: 'finished',
    rollback: { problem: 'no', finished_at: timeOf(6) },
  });
  const back = one(rollback, { type: 'batch.rolled_back', data: { id: 'batch-1' } });
  expect(back).toMatchObject({ state: 'rolled-back', rollback: { method: 'reset', problem: null } });
  expect(isUnderWay(back)).toBe(false);
});

test('facts about a batch that is not there change nothing', () => {
  expect(stateOf(merged, aside).batches).toEqual({});
});
