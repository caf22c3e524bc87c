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
