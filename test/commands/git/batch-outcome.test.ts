import { expect, test } from 'vitest';
import { batchOutcome } from '../../../src/commands/git/batch-outcome.ts';
import type { Batch } from '../../../src/state/batches.ts';

const merge = { task: 't1', branch: 'feature/t1', commit: 'c1' };
const delivery: NonNullable<Batch['delivery']> = {
  ...{ branch: 'main', state: 'delivered', from_commit: 'c0', to_commit: 'c1', problem: null },
};
const batch: Batch = {
  ...{ id: 'batch-2', target: 'drover/integration', base_commit: 'c0', head_commit: 'abcdef0123456789' },
  ...{ tasks: [], merged: [], set_aside: [], checks: [], state: 'finished', started_at: '', finished_at: '' },
  ...{ rollback: null, strategy: 'merge', resolves: false, side: null, reasons: {}, step: null, publishing: null },
  ...{ cancelled: null, delivery: null },
};

test.each<[string, Partial<Batch>, number | undefined]>([
  ['batch-2: 1 branch merged into drover/integration.', { merged: [merge] }, undefined],
  [
    'batch-2: 1 branch merged into drover/integration. main is at abcdef0123 as well.',
    { merged: [merge], delivery },
    undefined,
  ],
  ['main is at abcdef0123 now, as drover/integration is.', { delivery }, undefined],
  [
    'batch-2: 0 branches merged into drover/integration. main stays where it is: it has moved.',
    { delivery: { ...delivery, state: 'refused', problem: 'it has moved' } },
    6,
  ],
  [
    'batch-2: 1 branch merged into drover/integration. It ended early: no space left.',
    { merged: [merge], problem: 'no space left' },
    1,
  ],
])('a batch that is over says: %s', (message, changes, exit) => {
  expect(batchOutcome({ ...batch, ...changes })).toMatchObject({ message, ...(exit === undefined ? {} : { exit }) });
});
