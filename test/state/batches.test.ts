import { expect, test } from 'vitest';
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
      state: 'finished',
      started_at: timeOf(1),
      finished_at: timeOf(4),
    },
  });
});

test('facts about a batch that is not there change nothing', () => {
  expect(stateOf(merged, aside).batches).toEqual({});
});
