import { expect, test } from 'vitest';
import { deliveryQueries } from '../../../src/tui/model/surroundings-now.ts';
import { after, begin, created, started, verified } from '../../tasks/journal.ts';

test('what there is to deliver is asked for anew when a batch has ended, or a branch was brought up to date', () => {
  const done = begin(created('1'), started('1', 'a-1'), verified('1'));
  expect(deliveryQueries(done)).toEqual([]);
  const merged = after(
    done,
    { type: 'batch.started', data: { id: 'batch-1', target: 'i', base_commit: 'c', tasks: ['1'] } },
    { type: 'batch.merged', data: { id: 'batch-1', task: '1', branch: 'b', commit: 'c1' } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  );
  const synced = after(merged, {
    type: 'command.finished',
    data: { id: 'c1', text: 'sync branch drover/integration', verb: 'sync', noun: 'branch', exit: 0, message: 'Done.' },
  });
  const [before, behind] = [merged, synced].map((state) => deliveryQueries(state)[0]?.basis);
  expect(before).toBeDefined();
  expect(behind).not.toBe(before);
});

test('it is asked as well when all that was merged is taken back, or a batch has merged nothing', () => {
  const done = begin(created('1'), started('1', 'a-1'), verified('1'));
  const begun = after(done, {
    type: 'batch.started',
    data: { id: 'batch-1', target: 'i', base_commit: 'c0', tasks: ['1'] },
  });
  expect(deliveryQueries(begun)).toEqual([]);
  const ended = after(begun, { type: 'batch.finished', data: { id: 'batch-1' } });
  expect(deliveryQueries(ended)).toHaveLength(1);
  const back = after(
    ended,
    { type: 'batch.rollback_started', data: { id: 'batch-1', method: 'reset', from_commit: 'c1', to_commit: 'c0' } },
    { type: 'batch.rolled_back', data: { id: 'batch-1' } },
  );
  expect(deliveryQueries(back)).toHaveLength(1);
});
