import { expect, test } from 'vitest';
import { rehearsalFailed } from '../../src/daemon/errors.ts';

test('why a test swarm did not finish is one sentence, whether it was one already or not', () => {
  const said = ['drover: There is no plan at x.', 'it ended with 1'].map((why) => rehearsalFailed({ why }).message);
  expect(said).toEqual([
    'The test swarm did not finish: drover: There is no plan at x.',
    'The test swarm did not finish: it ended with 1.',
  ]);
});
